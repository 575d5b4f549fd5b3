"""`python -m pipeline` is the command `regiomonitor`."""

from pipeline.cli import main

main(prog_name="regiomonitor")
