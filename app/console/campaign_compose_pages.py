"""The pages on which campaigns are written: where they begin, the composer, the media library, tests."""

from fastapi import APIRouter

from app.console import (
    campaign_compose,
    campaign_compose_media,
    campaign_compose_new,
    campaign_compose_try,
)

router = APIRouter()
for page in (campaign_compose_new, campaign_compose_media, campaign_compose_try, campaign_compose):
    router.include_router(page.router)
