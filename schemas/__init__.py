"""The nouns of readout: frozen values that flow through the pipeline.

Pydantic only. Nothing here reads a file, the clock, the network or the environment.
"""
