"""What schemathesis is to look at beside its own checks; it loads this file itself."""

from __future__ import annotations

import schemathesis


@schemathesis.check
def refused_for_its_meaning(ctx, response, case):
    """Data of the right form may be refused for what it refers to, never for its form."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if response.status_code == 422:
        codes = [error["code"] for error in response.json()["errors"]]
        assert codes
        assert not [code for code in codes if code.startswith("form_")], codes


@schemathesis.check
def problems_are_told(ctx, response, case):
    """Every error is a problem document with a sentence, and names the request."""
    if response.status_code < 400:
        return
    assert response.headers["content-type"] == ["application/problem+json"]
    found = response.json()
    assert found["status"] == response.status_code
    assert found["detail"]
    assert found["instance"].startswith("urn:kayuh:request:")
    assert all(error["text"] and error["code"] for error in found["errors"])
