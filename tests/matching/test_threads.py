"""Small matrices are multiplied by one thread: more of them would wait for each other."""

from __future__ import annotations

import os
import subprocess
import sys

READ = "import bot, os, sys; print(os.environ['OPENBLAS_NUM_THREADS'], 'numpy' in sys.modules)"


def test_the_number_of_threads_is_set_before_numpy_is_loaded_unless_the_operator_chose_one() -> None:
    for given, used in ((None, "1"), ("4", "4")):
        environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
        environment |= {"OPENBLAS_NUM_THREADS": given} if given else {}
        ran = subprocess.run([sys.executable, "-c", READ], env=environment, capture_output=True, text=True, check=True)
        assert ran.stdout.split() == [used, "False"]
