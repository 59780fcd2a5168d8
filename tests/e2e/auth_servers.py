"""What authentication talks to: an upstream that remembers credentials, an issuer of keys and tokens."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from qdrant_client import grpc as q

from .certificates import Issued
from .running import LIST, SCROLL, Answer, Upstream

GET = "/qdrant.Collections/Get"
CREATE = "/qdrant.Collections/Create"
ALIASES = "/qdrant.Collections/ListAliases"
CHANGE_ALIASES = "/qdrant.Collections/UpdateAliases"
UPSERT = "/qdrant.Points/Upsert"
INDEX = "/qdrant.Points/CreateFieldIndex"
QUERY = "/qdrant.Points/Query"
QUERY_BATCH = "/qdrant.Points/QueryBatch"
QUERY_GROUPS = "/qdrant.Points/QueryGroups"
RECOMMEND = "/qdrant.Points/Recommend"


def always(message: Any) -> Answer:
    return lambda *_: message.SerializeToString()


class RememberingUpstream(Upstream):
    """Serves collections c and d, and remembers the metadata of all calls but those for its health."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str]]] = []
        update = q.PointsOperationResponse(result=q.UpdateResult(operation_id=1, status=q.UpdateStatus.Completed))
        self.answers |= {
            LIST: always(q.ListCollectionsResponse(collections=[q.CollectionDescription(name=n) for n in "cd"])),
            ALIASES: always(
                q.ListAliasesResponse(
                    aliases=[q.AliasDescription(alias_name=f"to-{n}", collection_name=n) for n in "dcd"]
                )
            ),
            CREATE: always(q.CollectionOperationResponse(result=True)),
            CHANGE_ALIASES: always(q.CollectionOperationResponse(result=True)),
            UPSERT: always(update),
            INDEX: always(update),
            SCROLL: self.scroll,
            QUERY: always(q.QueryResponse()),
            QUERY_BATCH: always(q.QueryBatchResponse()),
            QUERY_GROUPS: always(q.QueryGroupsResponse(result=q.GroupsResult())),
            RECOMMEND: always(q.RecommendResponse()),
        }

    def scroll(self, request: bytes, context: grpc.ServicerContext) -> bytes:
        """Collection c holds a point whose role is x."""
        asked = q.ScrollPoints.FromString(request)
        if asked.collection_name not in ("c", "d"):
            context.abort(grpc.StatusCode.NOT_FOUND, f"Not found: Collection `{asked.collection_name}` doesn't exist!")
        points = [q.RetrievedPoint(id=q.PointId(num=1))]
        for condition in asked.filter.must:
            if (condition.field.key, condition.field.match.keyword) != ("role", "x"):
                points = []
        return q.ScrollResponse(result=points).SerializeToString()

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        if not details.method.endswith("/HealthCheck"):
            self.seen.append((details.method, dict(details.invocation_metadata)))
        return super().service(details)

    def credentials(self) -> list[dict[str, str]]:
        """Of the calls since the last question."""
        seen, self.seen = self.seen, []
        return [{name: data[name] for name in ("api-key", "authorization") if name in data} for _, data in seen]


class Issuer:
    """An HTTP server with answers by path; keys are what /keys tells. With a certificate of localhost's it has TLS."""

    def __init__(self, certificate: Issued | None = None) -> None:
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: dict[str, Callable[[], tuple[int, Any]]] = {}
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"] or 0))
                issuer.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                status, value = issuer.answers.get(self.path, lambda: (404, {}))()
                told = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            do_POST = do_GET

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.url = f"https://localhost:{self.server.server_address[1]}"
        self.keys: dict[str, Any] = {}
        self.answers["/keys"] = lambda: (200, key_set(self.keys))
        self.answers["/.well-known/openid-configuration"] = lambda: (
            200,
            {"issuer": self.url, "jwks_uri": f"{self.url}/keys"},
        )
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def __enter__(self) -> Issuer:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def new_key(algorithm: str) -> Any:
    if algorithm == "RS256":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else ed25519.Ed25519PrivateKey.generate()


def key_set(keys: dict[str, Any]) -> dict[str, Any]:
    """The public halves by name, as a JSON Web Key Set."""
    kinds = {rsa.RSAPrivateKey: "RS256", ec.EllipticCurvePrivateKey: "ES256", ed25519.Ed25519PrivateKey: "EdDSA"}
    told = []
    for name, key in keys.items():
        algorithm = next(value for kind, value in kinds.items() if isinstance(key, kind))
        public = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key())
        told.append((public if isinstance(public, dict) else json.loads(public)) | {"kid": name, "use": "sig"})
    return {"keys": told}
