"""An OpenSearch of a test's own."""

from .program import free_port
from .tool_server import ToolServer


class OpenSearch(ToolServer):
    """One node."""

    kind = "opensearch"

    def __init__(self, directory):
        port = free_port()
        self.url = f"http://127.0.0.71:{port}"
        # Its other port is a hundred higher.
        super().__init__(directory, "--ip", "127.0.0.71", "--port", port)
