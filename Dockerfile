# One image, for one process. Answers and settings can be mounted; the database lives in /app/data.
FROM python:3.11-slim AS build
WORKDIR /app
COPY requirements.txt pyproject.toml README.md ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY bot ./bot
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home bot && mkdir -p /app/data && chown bot /app/data
WORKDIR /app
COPY --from=build /venv /venv
COPY knowledge ./knowledge
USER bot
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
VOLUME /app/data
STOPSIGNAL SIGTERM
ENTRYPOINT ["hsct-bot"]
CMD ["run"]
