"""Everything that somebody may mean who looks for something exact."""

from nlp.normalize import normal_word
from referrals.desk.term_keys import Term
from referrals.desk.terms import terms_in

# How a bare handle is read as each kind: as people would write it in a message.
_READ_AS = ("{}", "line: {}", "telegram: {}", "facebook: {}", "เลขบัญชี {}", "พร้อมเพย์ {}")


def meant_by(query: str) -> frozenset[Term]:
    """Return everything that a query may mean: a bare handle is read as each kind of handle."""
    terms = {term for form in _READ_AS for term in terms_in(form.format(query))}
    plain = normal_word(query)
    return frozenset(terms | {Term("name", plain), Term("tag", plain.lstrip("#"))})
