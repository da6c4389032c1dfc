"""The pages on which campaigns are written: where they begin, the composer, the media library, tests."""

from app.console import (
    campaign_compose,
    campaign_compose_media,
    campaign_compose_new,
    campaign_compose_try,
)

PAGES = (campaign_compose_new, campaign_compose_media, campaign_compose_try, campaign_compose)
