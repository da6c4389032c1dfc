import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bots.preview.components import view_component
from bots.preview.flex import view_bubble, view_container
from bots.preview.line import view_line
from bots.preview.view import (
    Box,
    Bubble,
    Carousel,
    Icon,
    Key,
    Picture,
    Press,
    Rule,
    Run,
    Unknown,
    View,
    Words,
)

BAND = {
    "type": "bubble",
    "size": "mega",
    "header": {
        "type": "box",
        "layout": "vertical",
        "backgroundColor": "#B42318",
        "paddingAll": "16px",
        "contents": [
            {"type": "text", "text": "⛔ อันตราย", "color": "#FFFFFF", "weight": "bold", "size": "lg"}
        ],
    },
    "body": {
        "type": "box",
        "layout": "vertical",
        "spacing": "md",
        "contents": [
            {"type": "text", "text": "อย่าเพิ่งไป", "wrap": True},
            {"type": "separator", "margin": "lg"},
            {
                "type": "text",
                "contents": [{"type": "span", "text": "“ปอยเปต”", "style": "italic"}],
                "wrap": True,
            },
        ],
    },
    "footer": {
        "type": "box",
        "layout": "vertical",
        "contents": [
            {
                "type": "button",
                "style": "primary",
                "color": "#0F766E",
                "height": "sm",
                "action": {
                    "type": "postback",
                    "label": "แจ้งเรื่องนี้",
                    "data": "report:1",
                    "displayText": "แจ้งเรื่องนี้",
                },
            }
        ],
    },
    "styles": {"footer": {"separator": True, "backgroundColor": "#F7F9F9"}},
}


def parts_of(box: Any) -> Iterator[Any]:
    yield box
    for part in box.parts if isinstance(box, Box) else ():
        yield from parts_of(part)


def every_part(view: View) -> Iterator[Any]:
    for part in view.parts:
        for bubble in part.bubbles if isinstance(part, Carousel) else (part,):
            yield bubble
            for block in bubble.blocks if isinstance(bubble, Bubble) else ():
                yield from parts_of(block.part)


def test_a_verdict_card_has_its_band_its_quote_and_its_button() -> None:
    bubble = view_bubble(BAND)
    assert [block.name for block in bubble.blocks] == ["header", "body", "footer"]
    header, body, footer = (block.part for block in bubble.blocks)
    assert isinstance(header, Box)
    assert header.css == "flex:none;padding:16px;background-color:#B42318"
    assert header.parts == (
        Words((Run("⛔ อันตราย"),), wrap=False, css="flex:none;font-size:19px;color:#FFFFFF;font-weight:700"),
    )
    assert isinstance(body, Box)
    assert body.parts[1] == Rule(css="margin-top:12px")
    assert body.parts[2] == Words(
        (Run("“ปอยเปต”", css="font-style:italic"),), css="flex:none;margin-top:8px;font-size:16px"
    )
    assert isinstance(footer, Box)
    assert footer.parts == (
        Key(
            Press("postback", "แจ้งเรื่องนี้", "report:1", "แจ้งเรื่องนี้"),
            "primary",
            small=True,
            css="flex:none",
            face="background-color:#0F766E",
        ),
    )
    assert bubble.blocks[2].rule_above
    assert bubble.blocks[2].css == "background-color:#F7F9F9"


@pytest.mark.parametrize(
    ("fields", "css"),
    [
        ({"width": "40px"}, "flex:none;width:40px;align-self:flex-start"),
        ({"margin": "xl"}, "flex:none;margin-top:16px"),
        ({"cornerRadius": "md"}, "flex:none;border-radius:8px;overflow:hidden"),
        ({"borderWidth": "semi-bold", "borderColor": "#112233"}, "flex:none;border:3px solid #112233"),
        ({"position": "absolute", "offsetTop": "-5px"}, "flex:none;position:absolute;top:-5px"),
        ({"flex": 2}, "flex:2 0 auto"),
        (
            {
                "background": {
                    "type": "linearGradient",
                    "angle": "90deg",
                    "startColor": "#000000",
                    "endColor": "#ffffff",
                }
            },
            "flex:none;background-image:linear-gradient(90deg,#000000,#ffffff)",
        ),
    ],
)
def test_properties_of_a_box_become_declarations(fields: dict[str, Any], css: str) -> None:
    box = view_component({"type": "box", "layout": "vertical", "contents": [], **fields})
    assert isinstance(box, Box)
    assert box.css == css


@pytest.mark.parametrize(
    "fields",
    [
        {"backgroundColor": "red;background:url(https://evil)"},
        {"paddingAll": "1px;color:red"},
        {"width": "calc(100%)"},
        {
            "background": {
                "type": "linearGradient",
                "angle": "1deg)",
                "startColor": "#000000",
                "endColor": "#ffffff",
            }
        },
        {"cornerRadius": "var(--x)"},
        {"margin": "99999px"},
        {"justifyContent": "x", "alignItems": "y"},
    ],
)
def test_values_that_flex_does_not_know_never_reach_the_page(fields: dict[str, Any]) -> None:
    box = view_component({"type": "box", "layout": "vertical", "contents": [], **fields})
    assert isinstance(box, Box)
    assert box.css == "flex:none"


def test_a_row_shares_its_width_and_a_baseline_holds_icons() -> None:
    row = view_component(
        {
            "type": "box",
            "layout": "baseline",
            "spacing": "sm",
            "contents": [
                {"type": "icon", "url": "https://a/i.png", "size": "sm"},
                {"type": "text", "text": "ก", "flex": 0},
                {"type": "text", "text": "ข", "flex": 3, "align": "end"},
                {"type": "text", "text": "ค"},
            ],
        }
    )
    assert isinstance(row, Box)
    assert isinstance(row.parts[0], Icon)
    assert [part.css.split(";")[0] for part in row.parts[1:]] == ["flex:0 1 auto", "flex:3 1 0", "flex:1 1 0"]
    assert "margin-inline-start:4px" in row.parts[2].css


def test_an_image_keeps_its_window() -> None:
    image = view_component(
        {"type": "image", "url": "https://a/b.png", "size": "full", "aspectRatio": "20:13"}
    )
    assert isinstance(image, Picture)
    assert image.frame == "width:100%;aspect-ratio:20/13"
    assert image.fit == "fit"


def test_unknown_components_are_named_and_depth_has_an_end() -> None:
    assert view_component({"type": "marquee"}) == Unknown("marquee")
    node: dict[str, Any] = {"type": "text", "text": "x"}
    for _ in range(200):
        node = {"type": "box", "layout": "vertical", "contents": [node]}
    *_, deepest = parts_of(view_component(node))
    assert deepest == Unknown("box")


def test_a_carousel_holds_its_bubbles_and_names_strangers() -> None:
    view = view_container({"type": "carousel", "contents": [BAND, {"type": "triangle"}]})
    assert isinstance(view, Carousel)
    assert [type(bubble) for bubble in view.bubbles] == [Bubble, Unknown]


@pytest.mark.parametrize(
    ("template", "labels"),
    [
        (
            {"type": "buttons", "text": "เลือก", "actions": [{"type": "message", "label": "ก", "text": "1"}]},
            ["ก"],
        ),
        (
            {
                "type": "confirm",
                "text": "แน่ใจไหม",
                "actions": [
                    {"type": "message", "label": "ใช่", "text": "y"},
                    {"type": "message", "label": "ไม่", "text": "n"},
                ],
            },
            ["ใช่", "ไม่"],
        ),
    ],
)
def test_templates_are_drawn_as_cards_with_their_buttons(template: dict[str, Any], labels: list[str]) -> None:
    (view,) = view_line([{"type": "template", "altText": "a", "template": template}])
    assert [part.press.label for part in every_part(view) if isinstance(part, Key)] == labels


def test_the_areas_of_an_imagemap_can_be_pressed() -> None:
    message = {
        "type": "imagemap",
        "baseUrl": "https://a/b",
        "altText": "a",
        "baseSize": {"width": 1040, "height": 520},
        "actions": [
            {"type": "message", "text": "ซ้าย", "area": {"x": 0, "y": 260, "width": 520, "height": 260}}
        ],
    }
    (view,) = view_line([message])
    (area,) = [part for part in every_part(view) if isinstance(part, Box) and part.press]
    assert area.press == Press("say", "", "ซ้าย", "ซ้าย")
    assert "top:50.00%" in area.css
    assert "width:50.00%" in area.css


SHOWCASES = Path(__file__).parents[3] / "../shared/specs/samples/line_java_flex"


@pytest.mark.parametrize("file", sorted(SHOWCASES.glob("*.json")), ids=lambda file: file.stem)
def test_an_official_showcase_is_drawn_whole(file: Path) -> None:
    contents = json.loads(file.read_text("utf-8"))
    (view,) = view_line([{"type": "flex", "altText": "a", "contents": contents}])
    parts = list(every_part(view))
    assert not [part for part in parts if isinstance(part, Unknown)]
    drawn = {run.text for part in parts if isinstance(part, Words) for run in part.runs}
    drawn |= {part.press.label for part in parts if isinstance(part, Key)}
    assert set(_said_in(contents)) <= drawn


def _said_in(node: Any) -> Iterator[str]:
    """Every text and button label of a Flex container."""
    if isinstance(node, list):
        for item in node:
            yield from _said_in(item)
    elif isinstance(node, dict):
        if node.get("type") in {"text", "span"} and "text" in node:
            yield node["text"]
        if node.get("type") == "button":
            yield node["action"]["label"]
        for key, value in node.items():
            if key != "action":
                yield from _said_in(value)


def test_official_showcases_are_there(shared: Path) -> None:
    assert len(list((shared / "specs/samples/line_java_flex").glob("*.json"))) == 13


def test_documented_messages_are_drawn_and_only_coupons_stay_grey(shared: Path) -> None:
    samples = json.loads((shared / "specs/samples/line_docs_message_objects.json").read_text("utf-8"))[
        "samples"
    ]
    kinds = {
        "text",
        "textV2",
        "sticker",
        "image",
        "video",
        "audio",
        "location",
        "coupon",
        "imagemap",
        "template",
        "flex",
    }
    messages = [s["json"] for s in samples if isinstance(s["json"], dict) and _is_whole(s["json"], kinds)]
    assert len(messages) > 15
    grey = {
        view.kind
        for view in view_line(messages)
        if any(isinstance(part, Unknown) for part in every_part(view))
    }
    assert grey == {"coupon"}


def _is_whole(sample: dict[str, Any], kinds: set[str]) -> bool:
    return sample.get("type") in kinds
