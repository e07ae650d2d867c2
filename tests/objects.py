"""A real S3 server for tests: moto's, on a port of its own, whose objects live as long as it does."""

import subprocess
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from tests.serving import free_port, wait_for_port
from tests.stores import ROOT, operator_less

REGION = "eu-central-1"
ACCESS_KEY_ID, SECRET_ACCESS_KEY = "alice", "opensesame"
QUICKLY = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})


class ObjectServer:
    """The server. `bucket()` makes an empty bucket on it."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = folder / "objects.log"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
                cwd=ROOT,
                env=operator_less(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_for_port(self.port, self._process, self._log)
        self._client = boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=ACCESS_KEY_ID,
            aws_secret_access_key=SECRET_ACCESS_KEY,
            config=QUICKLY,
        )

    def bucket(self) -> "Bucket":
        """A bucket in which nothing is."""
        name = f"parley-{uuid.uuid4().hex[:12]}"
        self._client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        return Bucket(self, name, self._client)

    def stop(self) -> None:
        """End it; whoever asks it afterwards is refused."""
        self._process.kill()
        self._process.wait(10)


class Bucket:
    """One bucket, seen from outside."""

    def __init__(self, server: ObjectServer, name: str, client: Any) -> None:
        self.name = name
        self._server = server
        self._client = client

    def environment(self, *, prefix: str = "team") -> Mapping[str, str]:
        """The settings that let Parley keep its files there."""
        return {
            "S3_BUCKET": self.name,
            "S3_PREFIX": prefix,
            "S3_ENDPOINT_URL": self._server.url,
            "S3_REGION": REGION,
            "S3_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "S3_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        }

    def options(self, *, prefix: str = "team") -> dict[str, Any]:
        """The same for a storage in this process."""
        return {
            "bucket_name": self.name,
            "location": prefix,
            "endpoint_url": self._server.url,
            "region_name": REGION,
            "access_key": ACCESS_KEY_ID,
            "secret_key": SECRET_ACCESS_KEY,
        }

    def names(self) -> list[str]:
        """The names of all objects."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return sorted(entry["Key"] for page in pages for entry in page.get("Contents", ()))

    def read(self, name: str) -> bytes:
        """The bytes of an object."""
        return bytes(self._client.get_object(Bucket=self.name, Key=name)["Body"].read())

    def put(self, name: str, data: bytes) -> None:
        """Put an object there, past Parley."""
        self._client.put_object(Bucket=self.name, Key=name, Body=data)

    def remove(self) -> None:
        """Remove the bucket with everything in it."""
        for name in self.names():
            self._client.delete_object(Bucket=self.name, Key=name)
        self._client.delete_bucket(Bucket=self.name)
