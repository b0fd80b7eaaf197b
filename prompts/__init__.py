"""The words of readout: one folder per prompt, with its system text and worked examples."""
