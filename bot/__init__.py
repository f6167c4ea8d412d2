"""A support-group bot: curated answers about HSCT for MS, and a person for everything else."""

import os

__version__ = "0.1.0"

# Before numpy is loaded: its matrices are small here, and threads that wait for each other on busy cores make a
# decision take three times the processor time (OpenBLAS would start one for each core).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
