"""Which media types a client sends and accepts."""

LEGACY = "application/json"
MODERN = "application/graphql-response+json"
_RANGES = {LEGACY: LEGACY, MODERN: MODERN, "application/*": LEGACY, "*/*": LEGACY}


def answer_type(accept: str | None) -> str | None:
    """The media type to answer with, by an Accept header; None when we have nothing that is accepted.

    Wildcards and silence mean `application/json`, which every client can read.
    """
    if accept is None or not accept.strip():
        return LEGACY
    best, best_quality = None, 0.0
    for part in accept[:1000].split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = _quality(parameters)
        offered = _RANGES.get(media)
        if offered is not None and quality > best_quality:
            best, best_quality = offered, quality
    return best


def is_json(content_type: str | None) -> bool:
    """Whether a Content-Type is exactly JSON in UTF-8."""
    essence, *parameters = (piece.strip().lower() for piece in (content_type or "").split(";"))
    charsets = [p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset=")]
    return essence == LEGACY and all(charset in ("utf-8", "utf8") for charset in charsets)


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0
