from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from app.examiner import Examiner
from app.main import create_app
from app.runtime import Runtime

LURE = "รับแอดมินตอบแชต ปอยเปต เดินทางฟรี ไม่ต้องใช้พาสปอร์ต แอดไลน์ @admin99"
PLAIN_AD = "รับสมัครพนักงานเสิร์ฟ ร้านอาหารครัวคุณต๋อย สีลม วันละ 450 บาท"
PLEA = "ช่วยด้วย โดนขังอยู่ในตึก เขายึดพาสปอร์ตไป"
Phone = httpx.AsyncClient
OpenPhone = Callable[..., Phone]


@pytest.fixture
async def open_phone(runtime: Runtime) -> AsyncIterator[OpenPhone]:
    """Browsers without scripts, each from its own network address, at one web process."""
    # In the same process: starting one of its own for each test would take a second each.
    app = create_app(runtime, Examiner(runtime))
    clients: list[Phone] = []

    def make(address: str = "203.0.113.9") -> Phone:
        transport = httpx.ASGITransport(app=app, client=(address, 4_000), raise_app_exceptions=False)
        headers = {"Accept": "text/html"}
        clients.append(
            Phone(transport=transport, base_url="http://127.0.0.1:8000", headers=headers, timeout=90)
        )
        return clients[-1]

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
def phone(open_phone: OpenPhone) -> Phone:
    return open_phone()
