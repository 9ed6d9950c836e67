"""An archive of made-up recordings, and a server on this machine that sends it well or badly."""

import io
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RECORDINGS = {f"{digit}_theo_{take}.wav": bytes([digit, take]) * 20_000 for digit in range(10) for take in range(2)}


def archive(recordings=RECORDINGS, *, extra=()):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("free-spoken-digit-dataset-26eb/README.md", "read me")
        for name, content in recordings.items():
            made.writestr(f"free-spoken-digit-dataset-26eb/recordings/{name}", content)
        for name, content in extra:
            made.writestr(name, content)
    return buffer.getvalue()


class Server(ThreadingHTTPServer):
    """Serves one body; `behaviour` says how."""

    daemon_threads = True

    def __init__(self, body, behaviour="good"):
        super().__init__(("127.0.0.1", 0), Handler)
        self.body, self.behaviour, self.ranges, self.stop = body, behaviour, [], threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}/archive.zip"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        server, wanted = self.server, self.headers.get("Range")
        server.ranges.append(wanted)
        if server.behaviour == "absent":
            return self.send_error(404)
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        if server.behaviour == "no range":
            start = 0
        if start and start >= len(server.body):
            return self.send_error(416)
        shift = 7 if server.behaviour == "wrong range" and start else 0
        body = server.body[start - shift :]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start - shift}-{len(server.body) - 1}/{len(server.body)}")
        if server.behaviour == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
        elif server.behaviour != "no length":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.close_connection = True
        return getattr(self, server.behaviour.replace(" ", "_"), self.wfile.write)(body)

    def hangs_up(self, body):
        self.wfile.write(body[: len(body) // 2])

    def stalls(self, body):
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        self.server.stop.wait(20)

    def chunked(self, body):
        for start in range(0, len(body), 50_000):
            piece = body[start : start + 50_000]
            self.wfile.write(b"%x\r\n" % len(piece) + piece + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")
