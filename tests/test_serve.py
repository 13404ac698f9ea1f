"""`kayuh serve` as a process: its first start, its end, and what a killed one leaves behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from serving import API, HOME, Child, hard
from small import document

from service.settings import CITY, Settings, default_database

pytestmark = pytest.mark.skipif(os.name == "nt", reason="sends signals as a terminal does")


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'data' / 'kayuh.db'}"


def job_of(child, answer, *states, seconds=30):
    path = answer.headers["Location"].removeprefix(API)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = child.call("GET", path).json
        if found["state"] in states:
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def lines(logged):
    """What was logged: lines of JSON among the sentences."""
    return [json.loads(line) for line in logged.splitlines() if line.startswith("{")]


def test_the_first_start_makes_the_database_with_the_city_and_its_desks(url, tmp_path):
    with Child(url).ready() as child:
        names = [row["name"] for row in child.call("GET", "/scenarios").json["scenarios"]]
        assert names == [CITY]
        city = child.call("GET", f"/cities/{CITY}").json
        assert len(city["desks"]) == 12
        body = {"extends": CITY, "params": {"time_limit": 1}}
        found = child.call("POST", "/recommendations?wait=25", body)
        assert found.status == 200
        assert found.json["points"] > 0
        status, out, err = child.end(signal.SIGTERM)
    assert status == 0
    assert f"http://127.0.0.1:{child.port}" in out
    assert str(tmp_path / "data" / "kayuh.db") in out
    assert "Berhenti" in err
    with Child(url, "--lang", "en").ready() as child:  # and the second finds it there
        again = child.call("GET", f"/cities/{CITY}").json
        assert {k: v for k, v in again.items() if k != "rev"} == {
            k: v for k, v in city.items() if k != "rev"
        }
        status, out, err = child.end(signal.SIGINT)
    assert status == 0
    assert "runs at" in out
    assert "Stopped." in err


def test_json_on_standard_output_and_nothing_else_there(url):
    with Child(url, "--json").ready() as child:
        _, out, _ = child.end(signal.SIGTERM)
    assert json.loads(out) == {"url": f"http://127.0.0.1:{child.port}", "database": url}


def test_the_log_has_requests_and_runs_by_their_ids(url):
    with Child(url).ready() as child:
        found = child.call("POST", "/recommendations?wait=20", document())
        asked = child.call("POST", "/recommendations", document())
        run = asked.json["id"]
        job_of(child, asked, "done")
        _, _, err = child.end(signal.SIGTERM)
    logged = lines(err)
    requests = {line["request"]: line for line in logged if line["event"] == "request"}
    line = requests[found.headers["X-Request-Id"]]
    assert (line["method"], line["path"], line["status"]) == (
        "POST", f"{API}/recommendations", 200,
    )  # fmt: skip
    assert line["ms"] > 0
    assert requests[asked.headers["X-Request-Id"]]["run"] == run
    events = [line["event"] for line in logged if line.get("run") == run]
    assert {"request", "run begins", "run ends"} <= set(events)


def test_sigterm_keeps_the_best_of_what_runs_and_answers_who_waits(url):
    slow = {**hard(), "params": {"time_limit": 120}}
    with Child(url).ready() as child:
        running = child.call("POST", "/recommendations", slow)
        job = job_of(child, running, "running")
        path = f"/jobs/{job['id']}"
        while child.call("GET", path).json["gap"] is None:
            time.sleep(0.1)
        began = time.monotonic()
        status, _, err = child.end(signal.SIGTERM)
        assert status == 0, err
        assert time.monotonic() - began < 20
    with Child(url).ready() as child:
        job = child.call("GET", path).json
        assert job["state"] == "interrupted"
        result = child.call("GET", f"{path}/result").json
        assert result["status"] == "feasible"
        assert result["bound"] >= result["points"] > 0
        assert [j["id"] for j in child.call("GET", "/jobs?state=interrupted").json["jobs"]] == [
            job["id"]
        ]
        child.end(signal.SIGTERM)


def test_what_a_killed_process_left_is_marked_and_taken_up_again(url):
    small, slow = document(), {**hard(600), "params": {"time_limit": 60}}
    with Child(url).ready() as child:
        # More than there are workers, so that the last one waits.
        jobs = [child.call("POST", "/recommendations", slow) for _ in range(Settings(url).workers)]
        for job in jobs:
            job_of(child, job, "running")
        body = {**small, "params": {"language": "en"}}
        waits = child.call("POST", "/recommendations", body)
        assert waits.json["state"] == "waiting"
        child.end(signal.SIGKILL)
    with Child(url).ready() as child:
        for job in (*jobs, waits):
            found = child.call("GET", f"/jobs/{job.json['id']}").json
            assert (found["state"], found["result"]) == ("interrupted", None)
        path = f"/jobs/{waits.json['id']}"
        early = child.call("GET", f"{path}/result")
        assert (early.status, early.json["type"]) == (
            409, "urn:kayuh:problem:job_without_result",
        )  # fmt: skip
        again = child.call("POST", f"{path}/resume")
        assert (again.status, again.headers["Location"]) == (202, f"{API}{path}")
        assert job_of(child, again, "done")["id"] == waits.json["id"]
        result = child.call("GET", f"{path}/result").json
        fresh = child.call("POST", "/recommendations?wait=25", body).json
        assert result["decisions"] == fresh["decisions"]  # in the language that was asked for
        assert child.call("POST", f"{path}/resume").status == 409
        _, _, err = child.end(signal.SIGTERM)
    assert f"{len(jobs) + 1} perhitungan terputus" in err


def test_the_board_answers_while_ten_thousand_proposals_are_solved(url):
    """They are read, solved, told and kept; a solve that held the board up would take seconds."""
    desk = f"{CITY}.PUPR"
    with Child(url).ready() as child:
        assert child.call("PUT", f"/desks/{desk}/session", {"state": "open"}).status == 200
        edit = {"rev": 0, "code": "deferred", "reason": "agency_ceiling"}
        proposal = child.call("GET", f"/desks/{desk}").json["rows"][0]["proposal"]
        big = {**hard(10_000, 12), "params": {"time_limit": 2}}
        asked = []
        post = threading.Thread(
            target=lambda: asked.append(child.call("POST", "/recommendations", big))
        )
        post.start()
        times, state = [], ""
        while state not in ("done", "failed"):
            began = time.monotonic()
            assert child.call("GET", f"/desks/{desk}").status == 200
            times.append(time.monotonic() - began)
            edit["note"] = str(len(times))
            edited = child.call("PUT", f"/desks/{desk}/decisions/{proposal}", edit)
            edit["rev"] = edited.json["decision"]["rev"]
            if asked:
                job = child.call("GET", asked[0].headers["Location"].removeprefix(API)).json
                state = job["state"]
            time.sleep(0.05)
        post.join()
        assert state == "done"
        result = child.call("GET", job["result"].removeprefix(API)).json
        assert len(result["decisions"]) == 10_000
        assert result["points"] > 0
        assert child.end(signal.SIGTERM)[0] == 0
    times.sort()
    assert len(times) > 20
    # Measured on two cores: half within 40 ms, 95 of 100 within 90 ms, the longest 340 ms.
    assert times[int(len(times) * 0.95)] < 1
    assert times[-1] < 5


def test_a_port_in_use_is_one_sentence(url):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with Child(url, "--port", str(taken.getsockname()[1])) as child:
            status = child.process.wait(30)
            out, err = child.printed()
    assert (status, out) == (2, "")
    assert "Traceback" not in err
    assert "--port" in err


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_off_loopback_it_does_not_start_without_accounts(url, host):
    with Child(url, "--host", host) as child:
        status = child.process.wait(30)
        out, err = child.printed()
    assert (status, out) == (2, "")
    assert "kayuh user add" in err


def test_in_a_room_it_says_where_it_is_reached_and_asks_who_calls(url):
    words = [sys.executable, "-m", "service.cli", "user", "add", "Rahma", "--role", "planner"]
    made = subprocess.run(
        [*words, "--database", url], input="kayuh baimbai bersama\n" * 2, text=True, cwd=HOME
    )
    assert made.returncode == 0
    with Child(url, "--host", "0.0.0.0", "--json").ready() as child:
        assert child.call("GET", "/rules").status == 401
        _, out, err = child.end(signal.SIGTERM)
    shown = json.loads(out)["url"].removeprefix("http://").rpartition(":")
    assert shown[0] not in ("0.0.0.0", "")
    assert shown[2] == str(child.port)
    assert "TLS" in err


@pytest.mark.parametrize("database", ["postgresql://127.0.0.1:1/x", "mysql://x", "sqlite://", "x"])
def test_a_database_that_can_not_be_had_is_one_sentence(database):
    with Child(database) as child:
        status = child.process.wait(30)
        out, err = child.printed()
    assert (status, out) == (2, "")
    assert "Traceback" not in err
    assert err.strip()


def raw(child, data):
    """What comes back on a bare connection."""
    with socket.create_connection(("127.0.0.1", child.port), timeout=20) as connection:
        connection.sendall(data)
        found = b""
        while more := connection.recv(65536):
            found += more
    head, _, body = found.partition(b"\r\n\r\n")
    return head.decode("latin-1"), body


def test_what_never_reaches_the_app_is_told_as_a_problem_too(url):
    with Child(url).ready() as child:
        lines = [
            (b"UNSINN\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nX: " + b"x" * 262_130 + b"\r\n\r\n", 431),
            (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
            (b"POST / HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n", 413),
        ]
        for data, status in lines:
            head, body = raw(child, data)
            assert head.startswith(f"HTTP/1.{head[7]} {status} "), (data[:60], head)
            assert "application/problem+json" in head
            assert "\nServer:" not in head
            assert "nosniff" in head
            assert json.loads(body)["status"] == status
        assert child.call("GET", "/healthz").status == 200
        child.end(signal.SIGTERM)


def test_a_body_over_20_mb_gets_its_answer_on_a_real_connection(url):
    with Child(url).ready() as child:
        found = child.call("POST", "/recommendations", {"title": "x" * 21 * 1024 * 1024})
        assert (found.status, found.json["type"]) == (413, "urn:kayuh:problem:too_large")
        assert "Server" not in found.headers
        child.end(signal.SIGTERM)


def test_the_database_is_in_the_users_own_data_unless_told_otherwise(monkeypatch, tmp_path):
    monkeypatch.delenv("KAYUH_DATABASE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_database() == f"sqlite:///{tmp_path}/kayuh/kayuh.db"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_database() == f"sqlite:///{tmp_path}/.local/share/kayuh/kayuh.db"
    monkeypatch.setenv("KAYUH_DATABASE", "postgresql://rahasia@db/kayuh")
    assert default_database() == "postgresql://rahasia@db/kayuh"


def test_both_engines_serve_and_no_password_is_printed(database_url):
    url = database_url.replace("root@", "root:rahasia@")
    with Child(url).ready() as child:
        found = child.call("POST", "/recommendations?wait=25", document())
        assert (found.status, found.json["status"]) == (200, "optimal")
        status, out, err = child.end(signal.SIGTERM)
    assert status == 0
    assert "rahasia" not in out + err
