"""The database, behind one class: `store.py`."""

from bot.sparing import without_orm

without_orm()
