"""The errors a client sees: a gRPC code and the text the real server uses for the same mistake."""

from __future__ import annotations

import logging

from grpc import StatusCode

log = logging.getLogger("devupstream")


class ApiError(Exception):
    """A failure that already knows its gRPC code and its text."""

    def __init__(self, code: StatusCode, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class RefusedChange(ApiError):
    """A failure found while a change is applied, after it was accepted: unseen by who does not wait for it."""


def invalid_argument(text: str) -> ApiError:
    """A text the server sends without a prefix (mostly a message it could not convert)."""
    return ApiError(StatusCode.INVALID_ARGUMENT, text)


def wrong_input(text: str) -> ApiError:
    return invalid_argument(f"Wrong input: {text}")


def bad_request(text: str) -> ApiError:
    return invalid_argument(f"Bad request: {text}")


def failed_validation(complaints: list[str]) -> ApiError:
    return invalid_argument(f"Validation error in body: [{'; '.join(complaints)}]")


def not_found(text: str) -> ApiError:
    return ApiError(StatusCode.NOT_FOUND, f"Not found: {text}")


def collection_missing(name: str) -> ApiError:
    return not_found(f"Collection `{name}` doesn't exist!")


def unfit_vector(text: str) -> ApiError:
    return RefusedChange(StatusCode.INVALID_ARGUMENT, f"Wrong input: {text}")


def vector_name_missing(name: str) -> ApiError:
    return unfit_vector(f"Not existing vector name error: {name}")


def point_missing(point_id: object) -> ApiError:
    return RefusedChange(StatusCode.NOT_FOUND, f"Not found: No point with id {point_id} found")


def collection_exists(name: str) -> ApiError:
    return ApiError(StatusCode.ALREADY_EXISTS, f"Wrong input: Collection `{name}` already exists!")


def empty_update() -> ApiError:
    return bad_request("Empty update request")


def standalone() -> ApiError:
    """What a server that runs without a cluster answers to every change of shards."""
    return ApiError(StatusCode.UNIMPLEMENTED, "Qdrant is running in standalone mode")


def no_inference() -> ApiError:
    return ApiError(
        StatusCode.INTERNAL,
        "Service internal error: InferenceService URL not configured - please provide valid address in config",
    )


def describe(error: Exception) -> tuple[StatusCode, str]:
    """The code and text for anything a handler may raise.

    Local mode reports what it refuses as ValueError, or as an assertion where it checks vectors.
    """
    if isinstance(error, ApiError):
        return error.code, error.text
    if isinstance(error, NotImplementedError):
        return StatusCode.UNIMPLEMENTED, str(error) or "not supported by the development upstream"
    if isinstance(error, (ValueError, AssertionError)):
        text = str(error)
        return StatusCode.INVALID_ARGUMENT, text if text.startswith("Wrong input: ") else f"Wrong input: {text}"
    log.exception("a call failed")
    return StatusCode.INTERNAL, f"Service internal error: {type(error).__name__}: {error}"
