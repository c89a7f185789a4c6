"""Signing in from a frame on another site, whose cookie is kept apart."""

from datetime import timedelta

from gentie.web.access import FRAME_HEADER
from tests.visits.build import PAGE, VERIFIER
from tests.web.account.build import BASE
from tests.web.embed.host import API, FRAMED, OTHER, THREAD, a_member, code_for, nothing_kept
from tests.web.embed.host import window as window  # noqa: PLC0414 a fixture
from tests.whole import Client, Whole, quick_hashes, whole

__all__ = ["quick_hashes", "whole"]


class TestFrame:
    async def test_is_only_for_pages_of_the_site(self, window: Client) -> None:
        page = await window.get("/embed/frame/notebook/blog?lang=zh-CN&theme=dark")

        policy = page.headers["content-security-policy"]
        assert f"frame-ancestors {PAGE};" in policy
        assert "'unsafe" not in policy
        assert 'door="frame"' in page.text
        assert 'lang="zh-CN"' in page.text
        assert (await window.get("/embed/frame/nowhere/blog")).status_code == 404
        assert (await window.get("/embed/frame/notebook/blog?theme=x")).status_code == 422

    async def test_keeps_a_cookie_apart(self, window: Client) -> None:
        await a_member(window)
        code = await code_for(window, mode="frame", origin=BASE)
        frame = window
        with nothing_kept(frame):
            body = {"code": code, "code_verifier": VERIFIER}
            answer = await frame.post(f"{API}/session/exchange", json=body, headers=FRAMED)
            assert answer.status_code == 200, answer.text
            assert (answer.json()["token"], answer.json()["refresh"]) == (None, None)
            parts = set(answer.headers["set-cookie"].split("; "))
            assert {"Partitioned", "Secure", "HttpOnly", "SameSite=None", "Path=/"} <= parts
            cookie = {"cookie": answer.headers["set-cookie"].partition(";")[0]}

            mine = await frame.get(f"{THREAD}/mine", headers={**FRAMED, **cookie})
            assert mine.status_code == 200
            said = {"text": "From the frame."}
            posted = await frame.post(f"{THREAD}/comments", json=said, headers={**FRAMED, **cookie})
            assert posted.status_code == 201
            other = await frame.get(f"{OTHER}/mine", headers={**FRAMED, **cookie})
            assert other.status_code == 403
            bare = await frame.get(f"{THREAD}/mine", headers=cookie)
            assert bare.status_code == 401
            token = cookie["cookie"].partition("=")[2]
            stolen = {"authorization": f"Bearer {token}"}
            assert (await frame.get(f"{THREAD}/mine", headers=stolen)).status_code == 401
            gone = await frame.post(f"{API}/session/end", headers={**FRAMED, **cookie})
            assert gone.status_code == 204
            assert "Max-Age=0" in gone.headers["set-cookie"]
            again = await frame.get(f"{THREAD}/mine", headers={**FRAMED, **cookie})
            assert again.status_code == 401

    async def test_is_not_moved_by_other_pages(self, window: Client) -> None:
        await a_member(window)
        code = await code_for(window, mode="frame", origin=BASE)
        frame = window
        with nothing_kept(frame):
            body = {"code": code, "code_verifier": VERIFIER}
            foreign = {**FRAMED, "origin": PAGE}
            answer = await frame.post(f"{API}/session/exchange", json=body, headers=foreign)
            assert answer.status_code == 400
            answer = await frame.post(f"{API}/session/exchange", json=body, headers=FRAMED)
            cookie = {"cookie": answer.headers["set-cookie"].partition(";")[0]}
            said = {"text": "Caused elsewhere."}
            answer = await frame.post(
                f"{THREAD}/comments", json=said, headers={**foreign, **cookie}
            )
            assert answer.status_code == 403
            asks = {
                "origin": PAGE,
                "access-control-request-method": "POST",
                "access-control-request-headers": f"content-type, {FRAME_HEADER}",
            }
            answer = await frame.options(f"{THREAD}/comments", headers=asks)
            assert FRAME_HEADER not in answer.headers["access-control-allow-headers"]

    async def test_lasts_as_long_as_the_session_here(self, window: Client, whole: Whole) -> None:
        await a_member(window)
        code = await code_for(window, mode="frame", origin=BASE)
        body = {"code": code, "code_verifier": VERIFIER}
        answer = await window.post(f"{API}/session/exchange", json=body, headers=FRAMED)
        cookie = {"cookie": answer.headers["set-cookie"].partition(";")[0]}
        window.cookies.clear()
        whole.now += timedelta(days=13)
        assert (await window.get(f"{THREAD}/mine", headers={**FRAMED, **cookie})).status_code == 200
        whole.now += timedelta(days=2)
        assert (await window.get(f"{THREAD}/mine", headers={**FRAMED, **cookie})).status_code == 401
