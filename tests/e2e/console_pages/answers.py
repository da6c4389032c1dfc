"""Pages that answer a form: what was found, what is shown once, and refused forms that keep what was typed."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from playwright.async_api import Page

from core.accounts.second_factor import code_at, current_step
from core.ids import new_id
from core.permissions import Role
from tests.e2e.console_pages.sowing import TOTP_SECRET
from tests.e2e.console_pages.visits import Form, Visit


class Answer(NamedTuple):
    """A form that somebody fills in on a page; words in braces are what was sown."""

    route: str
    state: str
    page: str
    action: str
    role: Role | None
    fields: Mapping[str, str]
    halfway: bool = False


_CASE = "/console/referrals/{referral_id}"
_RULES = "/console/teams/rules"
_LONG = "ชื่อที่ยาวเกินกว่าจะเป็นชื่อได้จริง ๆ และยาวต่อไปอีกเรื่อย ๆ "
_ANSWERS: tuple[Answer, ...] = (
    Answer("search.find", "", "/console/search", "/console/search", "supervisor", {"text": "แม่สอด"}),
    Answer("search.find", "nothing", "/console/search", "/console/search", "supervisor", {"text": "ไม่มีใครเขียนไว้"}),
    Answer("search.find", "refused", "/console/search", "/console/search", "supervisor", {"text": "ก"}),
    Answer("account.sign_in", "refused", "/console/sign-in", "/console/sign-in", None, {"email": "boon@example.org", "password": "x"}),
    Answer("account.give_code", "refused", "/console/sign-in/code", "/console/sign-in/code", "partner_officer", {"code": "000000"}, True),
    Answer("account.enrol", "refused", "/console/sign-in/enrol", "/console/sign-in/enrol", "campaign_approver", {"code": "000000"}, True),
    Answer("account.welcome", "refused", "/console/welcome/{token}", "", None, {"password": "สั้น", "again": "สั้น"}),
    Answer("account.renew_codes", "", "/console/account", "/console/account/recovery-codes", "partner_officer", {"code": "{code}"}),
    Answer("account.renew_codes", "refused", "/console/account", "/console/account/recovery-codes", "auditor", {"code": "000000"}),
    Answer("api_token.make", "", "/console/account/tokens", "/console/account/tokens", "auditor", {"name": "รายงานประจำเดือน", "scopes": "audit.read", "code": "{code}"}),
    Answer("api_token.make", "refused", "/console/account/tokens", "/console/account/tokens", "supervisor", {"name": "กระดานหน้าห้อง"}),
    Answer("account.make_invitation", "", "/console/staff/invite", "/console/staff/invite", "administrator", {"email": "somying.k@example.org", "name": "สมหญิง แก้วดี", "role": "hotline_officer"}),
    Answer("account.make_invitation", "refused", "/console/staff/invite", "/console/staff/invite", "administrator", {"email": "somying", "name": "สมหญิง แก้วดี", "role": "hotline_officer"}),
    Answer("account.link_password", "", "/console/staff/{account_id}/password", "/console/staff/{account_id}/password", "administrator", {}),
    Answer("address.begin_mail", "refused", "/console/account/addresses", "/console/account/addresses/mail", "supervisor", {"address": "boon@"}),
    Answer("address.begin_chat", "", "/console/account/addresses", "/console/account/addresses/telegram/begin", "supervisor", {}),
    Answer("referral.answer", "refused", _CASE, f"{_CASE}/answers", "supervisor", {"text": "โทรหาเราที่ {{เบอร์}} นะคะ"}),
    Answer("referral.add_note", "refused", f"{_CASE}?tab=desk", f"{_CASE}/notes", "supervisor", {"level": "team", "text": "โทรแล้ว " * 600}),
    Answer("referral.add_task", "refused", f"{_CASE}?tab=desk", f"{_CASE}/tasks", "supervisor", {"text": "โทรหาบ้านพัก", "due_on": "2020-01-01"}),
    Answer("referral.close", "refused", f"{_CASE}?tab=desk", f"{_CASE}/close", "supervisor", {"outcome": "", "text": "ขอบคุณที่เล่าให้ฟังนะคะ"}),
    Answer("referral.set_priority", "refused", f"{_CASE}?tab=desk", f"{_CASE}/priority", "supervisor", {"priority": "P3", "why": ""}),
    Answer("referral.answer", "refused_as_held", "/console/referrals/{held}", "/console/referrals/{held}/answers", "supervisor", {"text": "เราอ่านแล้วค่ะ อยู่ตรงไหนคะ", "form_id": "{form_id}"}),
    Answer("problem", "keeps_words", "/console/referrals/{held}", "/console/referrals/{held}/answers", "supervisor", {"text": "เราอ่านแล้วค่ะ อยู่ตรงไหนคะ"}),
    Answer("referral.check_packet", "", f"{_CASE}/packet", f"{_CASE}/packet/check", "supervisor", {"agency": "police", "reason": "ผู้แจ้งขอให้ตำรวจช่วยพาออกมา"}),
    Answer("referral.check_packet", "refused", f"{_CASE}/packet", f"{_CASE}/packet/check", "supervisor", {"reason": "ผู้แจ้งขอให้ช่วยพาออกมา"}),
    Answer("telephone.open", "", "/console/telephone", "/console/telephone", "hotline_officer", {"text": "น้องสาวไปทำงานแล้วติดต่อไม่ได้", "q.G4": "ตาก", "number": "0812345678"}),
    Answer("telephone.open", "refused", "/console/telephone", "/console/telephone", "hotline_officer", {"text": "น้องสาวไปทำงานแล้วติดต่อไม่ได้", "q.G4": "ดาวอังคาร"}),
    Answer("canned.write", "refused", "/console/ready-answers", "/console/ready-answers", "supervisor", {"title": "", "text": "เราอ่านแล้วค่ะ"}),
    Answer("campaign.set_times", "refused", "/console/campaigns/{campaign_id}/times", "/console/campaigns/{campaign_id}/times", "campaign_manager", {"how": "once", "day": "2020-01-01"}),
    Answer("people_list.take_in", "refused", "/console/campaigns/lists", "/console/campaigns/lists", "campaign_manager", {"tag": "งานวัด", "proof": "สั้น", "wording": "สั้น"}),
    Answer("entry.open", "refused", "/console/campaigns/{campaign_id}/entries", "/console/campaigns/{campaign_id}/entries", "campaign_manager", {"keyword": "ช่วยด้วย"}),
    Answer("campaign.send_back", "refused", "/console/campaigns/{asked}/approval", "/console/campaigns/{asked}/send-back", "campaign_approver", {"reason": ""}),
    Answer("ending.postpone", "refused", "/console/ending/{closed}", "/console/ending/{closed}/postpone", "supervisor", {"ground": "", "days": "30"}),
    Answer("hotline.add", "refused", "/console/hotlines/new", "/console/hotlines/new", "supervisor", {"number": "สิบสอง", "name_th": "ศูนย์ช่วยเหลือ"}),
    Answer("hotline.verify", "refused", "/console/hotlines/{key}", "/console/hotlines/{key}/verify", "supervisor", {"source": ""}),
    Answer("team.create", "refused", "/console/teams", "/console/teams", "supervisor", {"name": "สายด่วนกลาง"}),
    Answer("team.change", "refused", "/console/teams/{team_id}", "/console/teams/{team_id}", "supervisor", {"name": "สายด่วนกลาง", "on_call_after": "0"}),
    Answer("routing_rule.add", "refused", _RULES, _RULES, "supervisor", {"places": "ดาวอังคาร"}),
    Answer("duty_day.change", "refused", "/console/teams/days", "/console/teams/days", "supervisor", {"day": "2026-12-31", "name": ""}),
    Answer("screening.reveal", "", "/console/screening/offers/{screening_id}", "/console/screening/offers/{screening_id}/reveal", "hotline_officer", {}),
    Answer("handle.enter", "refused", "/console/screening/handles", "/console/screening/handles", "supervisor", {"kind": "phone", "written": "ไม่ใช่เบอร์"}),
    Answer("wave.name", "refused", "/console/screening/waves/{wave_id}", "/console/screening/waves/{wave_id}/name", "supervisor", {"name": _LONG * 3}),
    Answer("wave.draft", "", "/console/screening/waves/{wave_id}", "/console/screening/waves/{wave_id}/draft", "supervisor", {}),
    Answer("breach.start", "refused", "/console/privacy/breaches", "/console/privacy/breaches", "administrator", {"kind": "real", "what": "lost_device", "noticed": "2030-01-01T08:00"}),
)  # fmt: skip

_SEND = """([action, fields]) => {
  const ends = form => form.method === 'post' && (!action || new URL(form.action).pathname === action);
  const form = [...document.forms].find(ends) || document.querySelector('header form[method=post]');
  if (new URL(form.action).pathname !== action) form.action = action;
  for (const [name, value] of fields) {
    const [field, ...others] = form.querySelectorAll(`[name="${name}"]`);
    const same = [field, ...others].find(e => e && ['checkbox', 'radio'].includes(e.type) && e.value === value);
    if (same) { same.checked = true; continue; }
    const into = field && !['checkbox', 'radio'].includes(field.type) ? field : document.createElement('input');
    if (into !== field) { into.type = 'hidden'; into.name = name; form.append(into); }
    if (into.tagName === 'SELECT' && ![...into.options].some(o => o.value === value)) into.add(new Option('', value));
    into.value = value;
  }
  HTMLFormElement.prototype.submit.call(form);
}"""


def answers(sown: Mapping[str, str]) -> Iterator[Visit]:
    """Yield every answer to a form; raises KeyError naming what an address needs and nobody sowed."""
    # One code works once: whoever gives it has it to themselves.
    known = {"code": code_at(TOTP_SECRET, current_step()), "form_id": str(new_id())}
    for one in _ANSWERS:
        fields = tuple((name, known.get(value.strip("{}"), value)) for name, value in one.fields.items())
        form = Form(one.action.format_map(sown), fields)
        yield Visit(one.route, one.state, one.page.format_map(sown), one.role, one.halfway, form=form)


async def send(page: Page, form: Form) -> int:
    """Send a form of an open page as it stands, past the checks that the browser makes; return the status."""
    async with page.expect_navigation() as going:
        await page.evaluate(_SEND, [form.action, form.fields])
    answer = await going.value
    assert answer is not None, f"{form.action}: no page came back"
    return answer.status
