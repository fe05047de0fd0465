"""Chinese answers that are clauses: reasons, purposes, causes and means, by their connectives.

Each candidate names, in ``about``, the other clause: the one the question is made of.
"""

from __future__ import annotations

import re

from training.questions.records import Candidate

_BECAUSE = re.compile(
    r"(?:^|(?<=[，；：]))(?:主要)?(因为|由于|鉴于|因(?!为|此|素|而|果|地|人而|时|势|材)|受(?=[^，。；]{2,36}影响，))([^，。；“”]{2,40}?)(影响|的影响)?，([^。；：“”]{8,60})"
)
_SINCE = re.compile(
    r"([^，。；：“”]{6,50})，(?:主要|其)?(?:是因为|是由于|因为|原因是|原因在于|原因为|主要原因是)([^。；“”]{5,60})(?=[。；])"
)
_PURPOSE = re.compile(
    r"(?:^|(?<=[，；]))为(?:了)?((?:进一步|更好地?|切实|有效|全面|持续)?[^，。；：“”在与从我你他她]{6,36})，([^。；：“”]{8,60})"
)
_LEAD_TO = re.compile(
    r"(?:^|(?<=[，；]))([^，。；：“”]{6,30}?)(导致|造成|致使|引发)了?([^，。；：“”]{5,30})(?=[，。；])"
)
_MEANS = re.compile(
    r"(?:^|(?<=[，；])|(?<=[\u4e00-\u9fff]))(通过|采用|采取|利用|借助|运用)([^，。；：“”过]{5,30}?)(的方式|等方式|方式|等途径|等形式|的形式|等手段|等措施)?，([^。；：“”]{6,50})"
)
_AS = re.compile(
    r"(?<=[\u4e00-\u9fff，])(以)([^，。；：“”]{3,24}?的?(?:方式|形式|手段|途径))([\u4e00-\u9fff][^，。；：“”]{4,30})(?=[，。；])"
)


def clauses(sentence: str) -> list[Candidate]:
    """Answers that are clauses: reasons, purposes, means."""
    found = []
    for match in _BECAUSE.finditer(sentence):
        end = match.end(3) if match.group(3) else match.end(2)
        start = match.start(2) + (sentence[match.start(2)] == "是")
        text = sentence[start:end]
        if (
            text.startswith(("在", "为", "此", "这", "我", "你", "他", "她"))
            or (match.group(1) == "受" and not match.group(3))
            or len(text) < 4
        ):
            continue
        found.append(Candidate(start, end, "why", "reason", about=match.span(4)))
    for match in _SINCE.finditer(sentence):
        if not re.match(r"[我你他她这那此其]", match.group(2)):
            found.append(Candidate(match.start(2), match.end(2), "why", "reason", about=match.span(1)))
    for match in _PURPOSE.finditer(sentence):
        if not match.group(1).endswith(
            ("同时", "为主", "例", "中心", "契机", "目标", "主题", "己任", "导向", "抓手", "重点")
        ):
            found.append(Candidate(match.start(1), match.end(1), "why", "purpose", about=match.span(2)))
    for match in _LEAD_TO.finditer(sentence):
        text = match.group(1)
        start = match.start(1) + (text[0] in "而但并且")
        if not re.search(
            r"(?:[已也却并将会又还都可能在曾更]|已经|是否|未|的)$|尚不|目前|^[这那此其他她我你]", text
        ) and "原因" not in match.group(3):
            found.append(Candidate(start, match.end(1), "why", "cause", match.group(2), about=match.span(3)))
    for pattern in (_MEANS, _AS):
        for match in pattern.finditer(sentence):
            result = match.group(match.lastindex or 4)
            formal = match.group(1) in ("采用", "采取", "利用")
            if (
                "了" in match.group(2)
                or re.match(r"并|即使|如|定期|事后|再|则|这|那|我|你|他|她|也|还|均", result)
                or (
                    formal
                    and not re.search(
                        r"方式|方法|形式|措施|手段|技术|模式", sentence[match.start(2) : match.end(2) + 4]
                    )
                )
            ):
                continue
            found.append(
                Candidate(
                    match.start(2), match.end(2), "how", "means", match.group(1), about=match.span(match.lastindex or 4)
                )
            )
    return found
