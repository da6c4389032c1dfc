import asyncio
from pathlib import Path

import pytest

from tests.e2e.demo import Demo, begin

pytestmark = pytest.mark.browser


async def test_a_second_demo_on_the_same_port_says_so_in_one_line(demo: Demo, tmp_path: Path) -> None:
    second = await begin(demo.port, tmp_path)
    async with asyncio.timeout(30):
        said, _ = await second.communicate()
    assert second.returncode not in {0, None}
    assert len(said.decode().strip().splitlines()) == 1
    assert f"port {demo.port}" in said.decode()
    assert "--port" in said.decode()
    assert not (tmp_path / "var").exists()
