"""Files on a storage that speaks S3, private to Parley: the same promises as on disk, kept by other means.

This module is imported only where S3_BUCKET is set: what speaks S3 takes 40 MB of memory and a part of a second.
"""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files import File
from storages.backends.s3 import S3Storage

from files.errors import StorageDown

_IN_MEMORY = 1024 * 1024  # bytes of one file; more of it waits on disk
_ONE_REQUEST = 64 * 1024 * 1024  # bytes; every file is sent in one request, so none is ever half there
_GONE = {"NoSuchKey", "NotFound", "404"}
_PROBE = ".ready"


class ObjectStorage(S3Storage):  # type: ignore[misc]
    """Django's storage on S3, from which nobody but this process gets anything: no address of a file is ever made.

    An object appears whole or not at all, and takes the place of what was there. What is wrong with the storage is
    told as OSError, as a disk tells it.
    """

    def __init__(self, **options: Any) -> None:
        elsewhere = bool(options.get("endpoint_url"))
        # Checksums beyond those of S3's first days, and buckets as host names, are not what every other server knows.
        when = "when_required" if elsewhere else "when_supported"
        config = Config(
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "total_max_attempts": 3},
            max_pool_connections=20,
            s3={"addressing_style": "path" if elsewhere else "auto"},
            request_checksum_calculation=when,
            response_checksum_validation=when,
        )
        transfer = TransferConfig(multipart_threshold=_ONE_REQUEST, use_threads=False)
        super().__init__(client_config=config, transfer_config=transfer, **options)
        self._making = threading.Lock()
        self._connection: Any = None
        self._has_written = False

    @property
    def connection(self) -> Any:
        """One for all threads: the client in it may be shared, and each takes megabytes."""
        with self._making:
            if self._connection is None:
                session = Session(aws_access_key_id=self.access_key, aws_secret_access_key=self.secret_key)
                self._connection = session.resource(
                    "s3", region_name=self.region_name, endpoint_url=self.endpoint_url, config=self.client_config
                )
            return self._connection

    def url(self, name: str | None, *_args: Any, **_options: Any) -> str:
        """Raises ValueError: whoever may see a file gets it from a view that looked."""
        raise ValueError("This file is not accessible via a URL.")

    def check(self) -> None:
        """Look whether the storage does its work. Raises OSError.

        The first time something is written and removed; later a sign of life is enough, for some storages keep every
        version of what is written, and all count requests.
        """
        with _storage_errors():
            self.connection.meta.client.list_objects_v2(Bucket=self.bucket_name, Prefix=self.location, MaxKeys=1)
        if not self._has_written:
            with _storage_errors():
                probe = self.bucket.Object(self._normalize_name(_PROBE))
                probe.put(Body=b"ready")
                probe.delete()
            self._has_written = True

    def exists(self, name: str) -> bool:
        """Whether there is a file of this name."""
        with _storage_errors():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Remove the file. One that is not there is no error."""
        with _storage_errors():
            super().delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files in a folder; of one that is not there, none."""
        with _storage_errors():
            folders, files = super().listdir(path)
            return folders, files

    def size(self, name: str) -> int:
        """Bytes of the file."""
        with _storage_errors():
            return int(self.bucket.Object(self._normalize_name(name)).content_length)

    def get_modified_time(self, name: str) -> datetime:
        """When the file was written last, by the storage's clock, in whole seconds."""
        with _storage_errors():
            return cast("datetime", self.bucket.Object(self._normalize_name(name)).last_modified)

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        """The whole file in one request. A line that breaks is noticed here, before anything is sent to a browser."""
        folder = str(settings.FILE_UPLOAD_TEMP_DIR)
        waiting = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=folder)  # noqa: SIM115 - whoever reads closes it
        try:
            with _storage_errors():
                shutil.copyfileobj(self.bucket.Object(self._normalize_name(name)).get()["Body"], waiting, _IN_MEMORY)
        except BaseException:
            waiting.close()
            raise
        waiting.seek(0)
        return File(cast("Any", waiting), name=name)

    def _save(self, name: str, content: "File[bytes]") -> str:
        with _storage_errors():
            return str(super()._save(name, content))


@contextmanager
def _storage_errors() -> Iterator[None]:
    """Raises FileNotFoundError for what is not there, StorageDown for whatever else the storage says, or does not."""
    try:
        yield
    except ClientError as refusal:
        code = str(refusal.response.get("Error", {}).get("Code", ""))
        if code in _GONE:
            raise FileNotFoundError(code) from None
        raise StorageDown(f"The file storage refused the request: {refusal}") from refusal
    except (BotoCoreError, Boto3Error) as fault:
        raise StorageDown(f"The file storage cannot be used: {fault}") from fault
