"""The pages on which campaigns are written: where they begin, the composer, the media library, tests."""

from fastapi import APIRouter

from app.console import campaign_compose, campaign_compose_new

router = APIRouter()
for page in (campaign_compose_new, campaign_compose):
    router.include_router(page.router)
