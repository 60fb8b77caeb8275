"""For tests: appends each line that it is sent to a file, has it on the disk, and answers with the file's last line.

Of the line "all" it answers with the whole file. The file's folder is there on one node at a time: where it is not, there is no
answer.
"""

import os
import socketserver
import sys

folder, port = sys.argv[1:]
path = os.path.join(folder, "records")


class Ledger(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline()
        if line != b"all\n":
            with open(path, "ab") as records:
                records.write(line)
                records.flush()
                os.fsync(records.fileno())
        with open(path, "rb") as records:
            lines = records.readlines()
        self.wfile.write(b"".join(lines) if line == b"all\n" else lines[-1])


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server(("", int(port)), Ledger) as server:
    server.serve_forever()
