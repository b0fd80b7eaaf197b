"""The child process that runs llama.cpp: it prints its address, then waits for its parent to go.

llama.cpp's server has no stop and crashes when a process leaves with a request in flight, so it
gets a process of its own, which ends the moment its standard input closes. Imports nothing of
readout, so that it starts quickly.
"""

import os
import sys


def main() -> None:
    """`child.py MODEL NAME CONTEXT`; one line on stdout: the address."""
    import xllamacpp

    model, name, context = sys.argv[1:4]
    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.model_alias = {name}  # else every reply carries the path of the file
    parameters.n_parallel = 1
    parameters.n_ctx = int(context)
    # Threads wait for one another at every layer: two servers of one thread each answer a fifth
    # more than one of two, and an answer does not depend on how many are asked at a time.
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
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
