"""One HTTP/1.1 connection that sends requests exactly as recorded."""

import http.client

from .corpus import HttpReply

TIMEOUT_SECONDS = 30


class Connection:
    """Reconnects when the server has closed. Not thread-safe."""

    def __init__(self, host, port):
        self._http = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
        self._fresh = True

    def close(self):
        self._http.close()

    def send(self, request):
        try:
            return self._send(request)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # An idle connection the server gave up; a second failure is the server's.
            if self._fresh:
                raise
            self._http.close()
            self._fresh = True
            return self._send(request)

    def _send(self, request):
        self._http.putrequest(request.method, request.target, skip_accept_encoding=True)
        for name, value in request.headers.items():
            self._http.putheader(name, value)
        if request.body is not None or request.method in ("POST", "PUT", "PATCH"):
            self._http.putheader("content-length", str(len(request.body or b"")))
        self._http.endheaders(request.body)
        response = self._http.getresponse()
        body = response.read()
        headers = {name.lower(): value for name, value in response.getheaders()}
        self._fresh = response.will_close
        return HttpReply(response.status, headers, body)
