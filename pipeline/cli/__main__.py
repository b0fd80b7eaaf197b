"""`python -m pipeline.cli` is `readout`."""

from pipeline.cli import main

main(prog_name="readout")
