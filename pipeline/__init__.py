"""The verbs of readout: read, compose, step, store, ask, distil, archive, evaluate, run."""
