"""The child process that runs llama.cpp: it prints its address, then waits for its parent to go.

llama.cpp's server has no stop and crashes when a process leaves with a request in flight, so it
gets a process of its own, which ends the moment its standard input closes. Imports nothing of
readout, so that it starts quickly.
"""

import os
import sys


def main() -> None:
    """`child.py MODEL NAME CONTEXT SLOTS THREADS`; one line on stdout: the address."""
    import xllamacpp

    model, name, context, slots, threads = sys.argv[1:6]
    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.model_alias = {name}  # else every reply carries the path of the file
    parameters.n_parallel = int(slots)
    parameters.n_ctx = int(context) * int(slots)  # llama.cpp splits it between the slots
    parameters.cpuparams.n_threads = int(threads)
    parameters.cpuparams_batch.n_threads = int(threads)
    address = sys.stdout.fileno()
    out = os.dup(address)
    os.dup2(sys.stderr.fileno(), address)  # llama.cpp's log must not mix with the address
    server = xllamacpp.Server(parameters)
    os.write(out, f"{server.listening_address}\n".encode())
    os.close(out)
    sys.stdin.buffer.read()
    os._exit(0)  # an ordinary exit would run llama.cpp's destructors over live threads


if __name__ == "__main__":
    main()
