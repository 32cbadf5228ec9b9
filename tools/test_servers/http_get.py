"""How a server that speaks HTTP is asked whether it is there."""

import http.client

TIME_LIMIT = 3  # seconds


def http_get(address, path, context=None):
    """The status and the body of the answer; over HTTPS if there is a TLS context. OSError if
    there is no answer."""
    if context:
        connection = http.client.HTTPSConnection(*address, timeout=TIME_LIMIT, context=context)
    else:
        connection = http.client.HTTPConnection(*address, timeout=TIME_LIMIT)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except http.client.HTTPException as error:
        raise OSError(f"no answer of HTTP: {error!r}") from error
    finally:
        connection.close()
