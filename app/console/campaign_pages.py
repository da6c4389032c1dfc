"""All pages of campaigns beside the composer, in the order in which their addresses are tried: names before ids."""

from app.console import (
    campaign_approval,
    campaign_audience,
    campaign_calendar,
    campaign_entries,
    campaign_list,
    campaign_overview,
    campaign_report,
    campaign_run,
    campaign_schedule,
    campaign_segments,
)

PAGES = (
    campaign_list,
    campaign_segments,
    campaign_calendar,
    campaign_overview,
    campaign_audience,
    campaign_approval,
    campaign_schedule,
    campaign_run,
    campaign_report,
    campaign_entries,
)
