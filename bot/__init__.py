"""A support-group bot: curated answers about HSCT for MS, and a person for everything else."""

__version__ = "0.1.0"
