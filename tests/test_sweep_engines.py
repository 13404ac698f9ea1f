"""The same sweep on worker processes and on a Dask cluster, whatever befalls them on the way."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import wait
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from test_sweep import CEILING, swept, town, write
from test_sweep_command import SLOW, run, slow

from solver.errors import UsageError
from solver.solve import Params
from solver.sweep import Store, carried_out, planned, reported
from solver.sweep.engines import GoneError, Local, LostError, Serial
from solver.sweep.task import run as carried
from solver.write.sweep import document

CITY = Path("scenarios/banjarmasin-2018/scenario.toml")
PARAMS = Params(time_limit=600, gap=0.0005)
VALUES = ("-10%", "-5%", "-3%", "+2%", "+5%", "+7%")


def plan_of(tmp_path):
    return planned([slow(tmp_path)], {"agency.A.ceiling": VALUES}, PARAMS)


def told(plan, known):
    return json.dumps(document(reported(plan, known, []), "id"))


@pytest.fixture(scope="module")
def serial(tmp_path_factory):
    """What the sweep says when it is computed one run after the other."""
    folder = tmp_path_factory.mktemp("serial")
    plan = plan_of(folder)
    known, _ = swept(plan, folder / "out", Serial(threading.Event()))
    assert {line["row"]["ended"] for line in known.values()} <= {"proof", "gap"}
    return told(plan, known)


# Worker processes


def test_an_engine_of_processes_tells_when_one_dies():
    engine = Local(2)
    try:
        assert engine.submit(len, "abc").result() == 3
        deadly = engine.submit(os._exit, 3)
        error = deadly.exception(timeout=60)
        assert isinstance(engine.told(error), LostError)
        engine.restart()
        assert engine.submit(len, "abcd").result() == 4
    finally:
        engine.close()


@pytest.mark.skipif(os.name == "nt", reason="signals of another system")
def test_a_worker_process_killed_half_way_changes_nothing(tmp_path, serial):
    plan, out = plan_of(tmp_path), tmp_path / "out"
    engine = Local(2)
    killed = []

    def kill(found, _):
        if found is not None and not killed:
            killed.append(engine.submit(os.getpid).result(timeout=60))
            os.kill(killed[0], signal.SIGKILL)

    known = {}
    try:
        with Store(out) as store:
            carried_out(plan, engine, store, known, watch=kill)
    finally:
        engine.close()
    assert killed
    assert told(plan, known) == serial
    lines = (out / "results.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == len({json.loads(line)["key"] for line in lines}) == len(plan.runs)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes of another system")
def test_no_worker_stays_behind(tmp_path):
    engine = Local(2)
    found = [engine.submit(os.getpid) for _ in range(8)]
    wait(found)
    engine.close()
    end = time.monotonic() + 30
    while any(_lives(future.result()) for future in found):
        assert time.monotonic() < end
        time.sleep(0.05)


def _lives(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes of another system")
def test_a_killed_sweep_leaves_no_workers_and_goes_on_to_the_same(tmp_path, serial):
    """kill -9 of the sweep itself: what it had written is kept, the rest is done another time."""
    plan, out = plan_of(tmp_path), tmp_path / "out"
    words = [sys.executable, "-m", "service.cli", "sweep", str(tmp_path / "sedang.json"),
             "--vary", "agency.A.ceiling=" + ",".join(VALUES), "--gap", "0.0005",
             "--time-limit", "600", "--out", str(out), "--jobs", "2"]  # fmt: skip
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _wait_for_lines(out, 1, process)
    workers = _children(process.pid)
    process.kill()
    process.wait()
    end = time.monotonic() + 60
    while any(_lives(pid) for pid in workers):
        assert time.monotonic() < end, "workers stayed behind"
        time.sleep(0.1)
    assert len(workers) >= 2
    known, done = swept(plan, out)
    assert len(done) < len(plan.runs)
    assert told(plan, known) == serial


def _children(parent):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _wait_for_lines(out, number, process, seconds=120):
    end = time.monotonic() + seconds
    lines = out / "results.jsonl"
    while not lines.exists() or lines.read_bytes().count(b"\n") < number:
        assert time.monotonic() < end, "no result came"
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


# Addresses of schedulers


@pytest.fixture(scope="module")
def cluster():
    pytest.importorskip("distributed")
    from solver.sweep.engines import cluster as module

    return module


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("tls://scheduler.example.go.id:8786", "tls://scheduler.example.go.id:8786"),
        ("tls://10.0.0.5:8786", "tls://10.0.0.5:8786"),
        ("tls://[2001:db8::1]:8786", "tls://[2001:db8::1]:8786"),
        ("tcp://127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("tcp://localhost:8786", "tcp://localhost:8786"),
        ("tcp://[::1]:8786", "tcp://[::1]:8786"),
        ("127.0.0.1:8786", "tcp://127.0.0.1:8786"),
    ],
)
def test_addresses_that_may_be_used(cluster, address, whole):
    assert cluster.checked(address) == whole


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("tcp://10.0.0.5:8786", "cluster_open"),
        ("10.0.0.5:8786", "cluster_open"),
        ("scheduler:8786", "cluster_open"),
        ("tcp://0.0.0.0:8786", "cluster_open"),
        ("tcp://localhost.evil.example:8786", "cluster_open"),
        ("tcp://127.0.0.1.evil.example:8786", "cluster_open"),
        ("tcp://127.0.0.1@evil.example:8786", "cluster_open"),
        ("tcp://2130706433:8786", "cluster_open"),
        ("ws://127.0.0.1:8786", "cluster_address"),
        ("inproc://x", "cluster_address"),
        ("tls://host", "cluster_address"),
        ("tls://host:99999", "cluster_address"),
        ("tls://:8786", "cluster_address"),
        ("", "cluster_address"),
        ("tcp://[::1:8786", "cluster_address"),
    ],
)
def test_open_and_senseless_addresses_are_refused(cluster, address, code):
    with pytest.raises(UsageError) as caught:
        cluster.checked(address)
    assert caught.value.code == code


def test_an_open_scheduler_is_refused_before_anything_is_sent(cluster, tmp_path):
    path = write(tmp_path / "kota.json", town())
    result = run(path, "--out", tmp_path / "out", "--cluster", "tcp://10.255.255.1:8786")
    assert result.exit_code == 2
    assert "tls://" in result.output
    assert not (tmp_path / "out").exists()


def test_tls_needs_certificates(cluster, tmp_path):
    with pytest.raises(UsageError) as caught:
        cluster.at("tls://127.0.0.1:8786")
    assert caught.value.code == "cluster_certificates"


def test_a_silent_scheduler_is_told(cluster, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT", 0.3)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(UsageError) as caught:
        cluster.at(address)
    assert caught.value.code == "cluster_silent"


def test_without_the_extra_the_command_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "solver.sweep.engines.cluster", raising=False)
    import solver.sweep.engines as package

    monkeypatch.delattr(package, "cluster", raising=False)
    path = write(tmp_path / "kota.json", town())
    result = run(path, "--out", tmp_path / "out", "--local-cluster", "2")
    assert result.exit_code == 2
    assert "dist" in result.output


# A cluster of three worker processes


@contextmanager
def process(*words, **more):
    """A process of its own group, so that whatever it starts ends with it."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **more}
    found = subprocess.Popen([sys.executable, "-m", *map(str, words)], start_new_session=True,
                             **quiet)  # fmt: skip
    try:
        yield found
    finally:
        with suppress(ProcessLookupError):
            os.killpg(found.pid, signal.SIGKILL)
        found.wait()


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def scheduler(port, *more):
    return process("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port,
                   "--no-dashboard", "--no-show", *more)  # fmt: skip


def worker(port, folder, *more, scheme="tcp"):
    return process("distributed.cli.dask_worker", f"{scheme}://127.0.0.1:{port}", "--nthreads", 1,
                   "--no-nanny", "--no-dashboard", "--local-directory", folder, *more)  # fmt: skip


def test_a_cluster_with_a_worker_killed_half_way_gives_the_same(cluster, tmp_path, serial):
    plan, port = plan_of(tmp_path), free_port()
    known, killed = {}, []
    with (
        scheduler(port),
        worker(port, tmp_path) as first,
        worker(port, tmp_path),
        worker(port, tmp_path),
    ):
        engine = cluster.at(f"tcp://127.0.0.1:{port}")

        def kill(found, _):
            if found is not None and not killed:
                killed.append(first.pid)
                os.killpg(first.pid, signal.SIGKILL)

        try:
            with Store(tmp_path / "out") as store:
                carried_out(plan, engine, store, known, watch=kill)
        finally:
            engine.close()
    assert killed
    assert told(plan, known) == serial


def test_a_lost_scheduler_ends_the_sweep_and_the_same_command_goes_on(cluster, tmp_path, serial):
    plan, port, out = plan_of(tmp_path), free_port(), tmp_path / "out"
    known = {}
    with scheduler(port) as first, worker(port, tmp_path), worker(port, tmp_path):
        engine = cluster.at(f"tcp://127.0.0.1:{port}")

        def kill(found, _):
            if found is not None:
                os.killpg(first.pid, signal.SIGKILL)

        try:
            with Store(out) as store, pytest.raises(GoneError):
                carried_out(plan, engine, store, known, watch=kill)
        finally:
            engine.close()
    assert 0 < len(known) < len(plan.runs)
    with scheduler(port), worker(port, tmp_path), worker(port, tmp_path), worker(port, tmp_path):
        engine = cluster.at(f"tcp://127.0.0.1:{port}")
        try:
            whole, done = swept(plan, out, engine)
        finally:
            engine.close()
    assert len(done) == len(plan.runs) - len(known)
    assert told(plan, whole) == serial


def test_local_cluster_gives_the_same_files(cluster, tmp_path):
    path = write(tmp_path / "kota.json", town())
    varied = ("--vary", f"{CEILING}=-10%,-90%,+10%,+50%")
    assert run(path, *varied, "--out", tmp_path / "1", "--jobs", 1).exit_code == 0
    assert run(path, *varied, "--out", tmp_path / "2", "--local-cluster", 3).exit_code == 0
    one, two = (
        {p.name: p.read_bytes() for p in (tmp_path / n).iterdir() if p.suffix in (".json", ".svg")}
        for n in ("1", "2")
    )
    assert one == two


def certificates(folder):
    """A certificate authority and one certificate, as an office would make them with openssl."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")

    def make(*words):
        subprocess.run([openssl, *words], cwd=folder, check=True, capture_output=True)

    make("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
         "-days", "2", "-subj", "/CN=Kayuh CA")  # fmt: skip
    make("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "kayuh.csr",
         "-subj", "/CN=kayuh")  # fmt: skip
    make("x509", "-req", "-in", "kayuh.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
         "-CAcreateserial", "-out", "cert.pem", "-days", "2")  # fmt: skip
    return {name: str(folder / f"{name}.pem") for name in ("ca", "cert", "key")}


def test_a_cluster_over_tls(cluster, tmp_path):
    """Certificates by Dask's settings; without them the scheduler does not talk at all."""
    import dask

    files, port = certificates(tmp_path), free_port()
    options = ("--tls-ca-file", files["ca"], "--tls-cert", files["cert"], "--tls-key", files["key"])
    settings = {
        "distributed.comm.tls.ca-file": files["ca"],
        "distributed.comm.tls.client.cert": files["cert"],
        "distributed.comm.tls.client.key": files["key"],
    }
    address = f"tls://127.0.0.1:{port}"
    plan = planned([write(tmp_path / "kota.json", town())], {CEILING: ("-10%",)}, PARAMS)
    with (
        scheduler(port, "--protocol", "tls", *options),
        worker(port, tmp_path, *options, scheme="tls"),
        dask.config.set(settings),
    ):
        engine = cluster.at(address)
        try:
            known, done = swept(plan, tmp_path / "out", engine)
        finally:
            engine.close()
    assert len(done) == 2
    assert [line["row"]["status"] for line in known.values()] == ["optimal"] * 2


# How fast


@pytest.mark.soak
def test_two_cores_and_the_overhead_of_a_task(tmp_path, capsys):
    """At least 1.8 times the serial throughput; less than 5 ms a task beside its solve."""
    if Local.cores() < 2:
        pytest.skip("one core")
    ceilings = tuple(f"{n / 10:+}%" for n in range(-40, 41, 2) if n)
    plan = planned([CITY], {"agency.PUPR.ceiling": ceilings}, Params(600, 0.001))
    began = time.perf_counter()
    swept(plan, tmp_path / "one", Serial(threading.Event()))
    serially = time.perf_counter() - began
    engine = Local(2)
    try:
        # The workers are there, and have imported all that a run needs.
        wait([engine.submit(carried, plan.task(plan.runs[0])) for _ in range(8)])
        began = time.perf_counter()
        swept(plan, tmp_path / "two", engine)
        together = time.perf_counter() - began
    finally:
        engine.close()
    tiny = planned(
        [write(tmp_path / "kota.json", town())],
        {CEILING: tuple(str(n) for n in range(10**6, 10**6 + 400))},
        PARAMS,
    )
    began = time.perf_counter()
    known, _ = swept(tiny, tmp_path / "tiny", Serial(threading.Event()))
    whole = time.perf_counter() - began
    inside = sum(line["seconds"] for line in known.values())
    overhead = (whole - inside) / len(known)
    with capsys.disabled():
        print(f"\n{serially / together:.2f} times serial on two cores; {overhead * 1000:.2f} ms")
    assert serially / together >= 1.8
    assert overhead < 0.005


@pytest.mark.soak
@pytest.mark.parametrize("engine", ["serial", "local", "cluster"])
def test_slow_sweeps_agree_over_the_command_line(cluster, tmp_path, engine, serial):
    how = {"serial": ("--jobs", 1), "local": ("--jobs", 2), "cluster": ("--local-cluster", 3)}
    path = slow(tmp_path)
    run(path, *SLOW, "--out", tmp_path / "out", *how[engine])
    run(path, *SLOW, "--out", tmp_path / "ref", "--jobs", 1)
    assert (tmp_path / "out" / "sweep.json").read_bytes() == (
        tmp_path / "ref" / "sweep.json"
    ).read_bytes()
