"""The embedded model: its weights, its adapter, and the child process that serves it."""
