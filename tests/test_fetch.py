"""Downloads from a server on this machine that behaves well, or badly in every way we could think of."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from speechbook import fsdd
from tests.archive_server import RECORDINGS, Server, archive

CHECKSUMS = {name: hashlib.sha256(content).hexdigest() for name, content in RECORDINGS.items()}
REAL_COPY = os.environ.get("SPEECHBOOK_FSDD")
PART = f"{fsdd.FOLDER_NAME}.zip.part"


@pytest.fixture(autouse=True)
def direct(monkeypatch):
    """Nothing is set, and no proxy stands between the test and its server."""
    monkeypatch.delenv("SPEECHBOOK_FSDD", raising=False)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def serve():
    servers = []

    def start(body=None, behaviour="good"):
        servers.append(Server(archive() if body is None else body, behaviour))
        return servers[-1]

    yield start
    for server in servers:
        server.stop.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def fetch(tmp_path):
    def call(server, **options):
        url = server if isinstance(server, str) else server.url
        return fsdd.fetch_fsdd(**{"cache": tmp_path, "url": url, "checksums": CHECKSUMS, "timeout": 0.5} | options)

    return call


def names(folder):
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


def assert_complete(folder, cache):
    assert names(cache) == [fsdd.FOLDER_NAME], "something was left behind"
    assert folder == cache / fsdd.FOLDER_NAME
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == RECORDINGS


# What should happen


@pytest.mark.parametrize("behaviour", ["good", "no range", "chunked", "no length"])
def test_a_good_archive_arrives_whole_and_once(fetch, serve, tmp_path, behaviour):
    server = serve(behaviour=behaviour)
    assert_complete(fetch(server), tmp_path)
    assert_complete(fetch(server), tmp_path)
    assert server.ranges == [None], "what is there and right is not fetched again"
    assert fsdd.fsdd_path(cache=tmp_path) == tmp_path / fsdd.FOLDER_NAME


def test_missing_and_damaged_recordings_are_repaired(fetch, serve, tmp_path):
    server = serve()
    folder = fetch(server)
    (folder / "3_theo_1.wav").unlink()
    (folder / "4_theo_0.wav").write_bytes(b"noise")
    assert_complete(fetch(server), tmp_path)


def test_a_failed_repair_leaves_the_old_recordings(fetch, serve, tmp_path):
    folder = fetch(serve())
    (folder / "3_theo_1.wav").unlink()
    with pytest.raises(ValueError, match="is not FSDD"):
        fetch(serve(b"no zip at all"))
    assert names(tmp_path) == [fsdd.FOLDER_NAME]
    assert len(names(folder)) == len(RECORDINGS) - 1


@pytest.mark.parametrize("behaviour", ["hangs up", "stalls"])
def test_a_broken_download_goes_on_where_it_stopped(fetch, serve, tmp_path, behaviour):
    with pytest.raises(ConnectionError, match="call again to go on"):
        fetch(serve(behaviour=behaviour))
    assert names(tmp_path) == [PART], "only the part that can be resumed may stay"
    size = (tmp_path / PART).stat().st_size
    assert size > 100_000
    server = serve()
    assert_complete(fetch(server), tmp_path)
    assert server.ranges == [f"bytes={size}-"]


def test_a_server_that_cannot_go_on_sends_everything_again(fetch, serve, tmp_path):
    (tmp_path / PART).write_bytes(archive()[:100_000])
    server = serve(behaviour="no range")
    assert_complete(fetch(server), tmp_path)
    assert server.ranges == ["bytes=100000-"]


@pytest.mark.parametrize("behaviour", ["good", "wrong range"])
@pytest.mark.parametrize("left", [b"?" * 100_000, b"?" * 10_000_000])
def test_a_part_that_does_not_fit_is_thrown_away(fetch, serve, tmp_path, behaviour, left):
    (tmp_path / PART).write_bytes(left)
    server = serve(behaviour=behaviour)
    assert_complete(fetch(server), tmp_path)
    assert server.ranges == [f"bytes={len(left)}-", None]


def test_a_complete_part_needs_no_network(fetch, tmp_path):
    (tmp_path / PART).write_bytes(archive())
    assert_complete(fetch("http://127.0.0.1:9/none.zip"), tmp_path)


def test_what_a_killed_process_left_is_cleared(fetch, serve, tmp_path):
    (tmp_path / f"{fsdd.FOLDER_NAME}.unpacking" / "new").mkdir(parents=True)
    (tmp_path / f"{fsdd.FOLDER_NAME}.unpacking" / "new" / "half.wav").write_bytes(b"x")
    assert_complete(fetch(serve()), tmp_path)


# What goes wrong


def altered(**changes):
    return archive(RECORDINGS | changes)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (archive()[:-1000], "archive is damaged"),
        (b"<html>Sign in to the hotel's network</html>", "archive is damaged"),
        (b"", "archive is damaged"),
        (altered(**{"5_theo_1.wav": b"other sound"}), "1 of 20 files.*5_theo_1.wav is damaged"),
        (archive(dict(list(RECORDINGS.items())[3:])), "3 of 20 files.*0_theo_0.wav is missing"),
        (archive({}), "20 of 20 files.*missing, …"),
        (archive().replace(b"\x07\x01" * 500, b"\x07\x02" * 500), "damaged"),
        (altered(**{"5_theo_1.wav": b"\0" * 2_000_000}), "5_theo_1.wav is missing"),
    ],
    ids=["truncated", "a web page", "empty", "altered", "incomplete", "no recordings", "flipped bits", "too large"],
)
def test_a_wrong_archive_leaves_nothing(fetch, serve, tmp_path, body, message):
    with pytest.raises(ValueError, match=message) as caught:
        fetch(serve(body))
    assert names(tmp_path) == []
    assert "nothing of it was kept" in str(caught.value)
    assert "SPEECHBOOK_FSDD" in str(caught.value)


def test_members_that_point_elsewhere_write_nowhere(fetch, serve, tmp_path):
    evil = [
        ("../../outside.wav", b"x"),
        ("/tmp/speechbook-outside.wav", b"x"),
        ("free-spoken-digit-dataset-26eb/recordings/../../../../outside.wav", b"x"),
        ("free-spoken-digit-dataset-26eb/recordings/unlisted.wav", b"x"),
    ]
    assert_complete(fetch(serve(archive(extra=evil)), cache=tmp_path / "a" / "b"), tmp_path / "a" / "b")
    assert names(tmp_path) == ["a"]
    assert names(tmp_path / "a") == ["b"]
    assert not os.path.exists("/tmp/speechbook-outside.wav")


def test_a_second_member_of_the_same_name_is_noticed(fetch, serve, tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        body = archive(extra=[("free-spoken-digit-dataset-26eb/recordings/0_theo_0.wav", b"other")])
    with pytest.raises(ValueError, match=r"0_theo_0.wav is damaged"):
        fetch(serve(body))
    assert names(tmp_path) == []


def test_an_absent_archive(fetch, serve, tmp_path):
    with pytest.raises(ConnectionError, match=r"the server says 404.*SPEECHBOOK_FSDD"):
        fetch(serve(behaviour="absent"))
    assert names(tmp_path) == []


def test_nobody_listens(fetch, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/archive.zip"
        with pytest.raises(ConnectionError, match=r"cannot be reached.*SPEECHBOOK_FSDD.*embedded voices"):
            fetch(url)
    assert names(tmp_path) == []


def test_a_server_that_never_answers_is_given_up_in_seconds(fetch, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        started = time.monotonic()
        with pytest.raises(ConnectionError, match=r"does not answer|stopped sending"):
            fetch(f"http://127.0.0.1:{deaf.getsockname()[1]}/archive.zip")
    assert time.monotonic() - started < 5
    assert names(tmp_path) == []


def test_a_host_that_does_not_exist(fetch, tmp_path, monkeypatch):
    def unknown(*arguments, **options):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(ConnectionError, match="cannot be reached"):
        fetch("http://no-such-host.invalid/archive.zip")
    assert names(tmp_path) == []


def test_an_address_that_is_none(fetch, tmp_path):
    with pytest.raises(ConnectionError, match="the address is not valid"):
        fetch("archive.zip")
    assert names(tmp_path) == []


def test_an_interrupt_while_fetching_leaves_only_the_part(serve, tmp_path):
    server = serve(behaviour="stalls")
    script = f"""
        import signal
        from pathlib import Path
        from speechbook import fsdd
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are born deaf to it
        fsdd.fetch_fsdd(cache=Path({str(tmp_path)!r}), url={server.url!r}, checksums={CHECKSUMS!r}, timeout=20)
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stderr=subprocess.PIPE, text=True)
    wait_until(lambda: (tmp_path / PART).exists() and (tmp_path / PART).stat().st_size > 100_000, seconds=60)
    process.send_signal(signal.SIGINT)
    _, printed = process.communicate(timeout=30)
    assert "KeyboardInterrupt" in printed
    assert names(tmp_path) == [PART]


def test_an_interrupt_while_unpacking_leaves_only_the_part(fetch, serve, tmp_path, monkeypatch):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(fsdd, "read_checked", interrupt)
        with pytest.raises(KeyboardInterrupt):
            fetch(serve())
    assert names(tmp_path) == [PART]
    assert_complete(fetch("http://127.0.0.1:9/none.zip"), tmp_path)


def wait_until(condition, *, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


# A copy that is already there


def test_a_named_copy_is_checked_and_used_without_network(fetch, monkeypatch, tmp_path):
    copy = tmp_path / "mine" / "recordings"
    copy.mkdir(parents=True)
    for name, content in RECORDINGS.items():
        (copy / name).write_bytes(content)
    monkeypatch.setenv("SPEECHBOOK_FSDD", str(copy.parent))
    assert fetch("http://127.0.0.1:9/none.zip", cache=tmp_path / "cache") == copy
    (copy / "1_theo_1.wav").unlink()
    with pytest.raises(ValueError, match=r"1 of 20 files.*1_theo_1.wav is missing"):
        fetch("http://127.0.0.1:9/none.zip", cache=tmp_path / "cache")
    assert names(tmp_path) == ["mine"]


def test_verify(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        fsdd.verify_fsdd(tmp_path / "none", checksums=CHECKSUMS)
    monkeypatch.setattr(fsdd, "fsdd_path", lambda: None)
    with pytest.raises(FileNotFoundError, match="make fsdd"):
        fsdd.verify_fsdd(checksums=CHECKSUMS)


@pytest.mark.skipif(not REAL_COPY, reason="SPEECHBOOK_FSDD names no copy of FSDD")
def test_the_whole_of_fsdd(serve, tmp_path):
    recordings = {name: (Path(REAL_COPY) / name).read_bytes() for name in fsdd.fsdd_checksums()}
    folder = fsdd.fetch_fsdd(cache=tmp_path, url=serve(archive(recordings)).url)
    assert names(tmp_path) == [fsdd.FOLDER_NAME]
    assert fsdd.verify_fsdd(folder) == folder
