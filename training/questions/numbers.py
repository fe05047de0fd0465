"""Numbers with their units, dates, durations and ordinals in Chinese text, as maximal spans.

Regular expressions only; knows nothing of words or questions. What a number's unit is decides how one
asks for it (多少钱, 多大, 多长时间 …).
"""

from __future__ import annotations

import re

from training.questions.records import Candidate, Kind

_DIGITS = r"[0-9０-９]+(?:[,，][0-9]{3})*(?:[.．][0-9]+)?"
_HAN = r"[一二三四五六七八九十百千两]{1,6}"
_SCALE = r"(?:十|百|千|万|亿)*(?:余|多|来)?"
_MONEY = r"(?:元人民币|美元|欧元|日元|英镑|港元|港币|新台币|韩元|卢布|澳元|加元|瑞郎|卢比|坚戈|元|块钱|块)"
_TIME = r"(?:个?小时|分钟|秒钟?|天|个多?月|周(?![岁年])|个星期|星期|年(?!度|代|级|轻|龄|会)|个工作日|个交易日|代人)"
_MEASURE = (
    r"(?:平方公里|平方千米|平方米|立方米|公里/小时|米/秒|毫米|厘米|公里|千米|海里|英里|英尺|米|公顷|万亩|亩|公斤|千克|克|吨|毫克|微克|升|毫升|"
    r"兆瓦|千瓦时|千瓦|度电|瓦|伏|毫安时|兆帕|摄氏度|℃|°C|度|级|赫兹|Hz|GB|TB|MB|nm|mm|cm|km|kg|mAh|GW|MW|kW|英寸|像素|点|标准箱|桶|倍|"
    r"个百分点|个基点|分)"
)
_COUNT = (
    r"(?:余?人次|人|名|位|家|个|项|件|批次|次|户|条|所|场|辆|台|座|部|种|届|版|套|只|头|匹|艘|架|枚|份|篇|本|册|张|支|棵|株|颗|间|栋|幢|处|类|"
    r"对|组|轮|局|盘|列|班次|班|趟|起|笔|宗|单|票|款|首|幅|则|期|站|股|例|万套|万人|队|箱|袋|瓶|杯|枪|球|板|胜|国|省|市|县|区|村|镇|门|道|层|字|页|集)"
)
_SCALED = rf"(?:{_DIGITS}{_SCALE})"
_UNIT_AGAIN = r"(?:[%％]|元|米|毫米|公里|岁|人|天|年|个月|小时|万元|亿元)"
_RANGE = rf"{_SCALED}(?:{_UNIT_AGAIN}?[-—~～至到]{{1,2}}{_SCALED})?"
_NUMBERS: tuple[tuple[str, Kind, str], ...] = (
    (rf"(?:{_RANGE}|{_HAN}(?:万|亿)?(?:余|多)?){_MONEY}", "how_much", "money"),
    (rf"{_DIGITS}(?:[-—~～至到]{_DIGITS})?[%％]|百分之[一二三四五六七八九十百点]+", "how_much", "percent"),
    (r"第[0-9一二三四五六七八九十百]{1,4}(?:届|位|名|次|个|轮|期|代|季|部|场)", "how_many", "ordinal"),
    (rf"(?:{_RANGE}|{_HAN}(?:余|多)?)周?岁", "how_many", "age"),
    (rf"(?:{_RANGE}|{_HAN}(?:余|多)?)(?:多|余)?{_TIME}", "when", "duration"),
    (rf"(?:{_RANGE}){_MEASURE}", "how_much", "measure"),
    (rf"(?:{_RANGE}|{_HAN}(?:万|亿)?(?:余|多)){_COUNT}", "how_many", "count"),
    (r"[三四五六七八九十百两]{1,4}(?:名|位|家|座|部|艘|架|人|场|辆|种|所)", "how_many", "count"),
    (rf"{_DIGITS}(?:[比:：])[0-9]+(?![0-9：:])", "how_many", "score"),
)
_YEAR = r"(?:公元前?)?[12][0-9]{3}年"
_DAY = r"[0-9]{1,2}月[0-9]{1,2}日"
_HALF = r"(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚间|晚上|夜间|夜里|晚|早|深夜)"
_CLOCK = rf"(?:{_HALF}?(?:[0-9]{{1,2}}(?:时|点)(?:[0-9]{{1,2}}分|半|许)?)?(?:左右|许)?)"
_PART = r"(?:初|底|末|中旬|上旬|下旬|上半年|下半年|年初|年底|春季|夏季|秋季|冬季|第?[一二三四]季度|前[一二三]季度)?"
_POINT = (
    rf"(?:{_YEAR}{_DAY}{_CLOCK}|{_YEAR}[0-9]{{1,2}}(?:[-—至到][0-9]{{1,2}})?月(?:份)?{_PART}|{_YEAR}{_PART}|{_DAY}{_CLOCK}|[0-9]{{1,2}}月(?:份|底|初|中旬|上旬|下旬)|"
    rf"(?:今年|去年|明年|前年)(?:[0-9]{{1,2}}月(?:[0-9]{{1,2}}日|份)?|上半年|下半年|第?[一二三四]季度|前[一二三]季度|前[0-9一二三四五六七八九十]+个月|年初|年底|[春夏秋冬]季)|"
    rf"(?<![0-9月])[0-9]{{1,2}}日(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|晚间|晚|深夜)?(?:[0-9]{{1,2}}(?:时|点)(?:[0-9]{{1,2}}分|许)?)|"
    rf"(?<![0-9月])[0-9]{{1,2}}日(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|晚间|晚|深夜)|"
    rf"(?:上世纪|20世纪|19世纪|21世纪)(?:[0-9一二三四五六七八九]+十?年代)?(?:初|末|中期)?)"
)
_DATE = re.compile(
    rf"{_POINT}(?:(?:[-—~～至到]{{1,2}})(?:{_POINT}|[0-9]{{1,2}}月|[0-9]{{1,2}}日{_CLOCK}|[0-9]{{1,2}}(?:时|点)))?"
)
_LONE_DAY = re.compile(r"(?<![0-9月至—-])[0-9]{1,2}日(?=[，在从，至]|上午|下午)")
_COMPILED = tuple((re.compile(pattern), kind, role) for pattern, kind, role in _NUMBERS)
_MATCH = re.compile(
    r"战胜|击败|不敌|力克|负于|战平|领先|淘汰|取胜|获胜|险胜|大胜|横扫|主场|客场|小组赛|比分|落后|惜败|逆转"
)
_LEADING = re.compile(r"^[第0-9０-９,，.．%％\-—~～至到一二三四五六七八九十百千万亿两余多来点之:：比]+")
_NOT_AFTER = re.compile(r"[0-9A-Za-z.．#\-/第]$")


def date_role(text: str) -> str:
    """``year`` when only a year is said, else ``date``.

    >>> date_role("2011年"), date_role("2011年3月")
    ('year', 'date')
    """
    return "year" if re.fullmatch(rf"{_YEAR}", text) else "date"


def number_candidates(sentence: str) -> list[Candidate]:
    """Dates first, then numbers with units, none overlapping; each as long as it can be.

    >>> [(c.role, c.unit) for c in number_candidates("2013年9月7日，1.2万名观众捐款300万元。")]
    [('date', ''), ('count', '名'), ('money', '元')]
    """
    found: list[Candidate] = []

    def free(start: int, end: int) -> bool:
        return all(end <= other.start or other.end <= start for other in found)

    for pattern in (_DATE, _LONE_DAY):
        for match in pattern.finditer(sentence):
            start, end = match.span()
            if free(start, end) and not re.match(r"[0-9度]", sentence[end : end + 1]):
                found.append(Candidate(start, end, "when", date_role(match.group())))
    for pattern, kind, role in _COMPILED:
        for match in pattern.finditer(sentence):
            start, end = match.span()
            text = match.group()
            before = sentence[max(0, start - 1) : start]
            if not free(start, end) or _NOT_AFTER.search(before) or sentence[end : end + 1].isdigit():
                continue
            unit = _LEADING.sub("", text)
            if role == "duration" and re.fullmatch(r"[0-9]{4}年|[0-9]{1,2}年", text) and len(text) == 3:
                continue
            if text[0] in "一两" and role in ("count", "duration") and len(text) <= 3:
                continue
            if role == "score" and not _MATCH.search(sentence):
                continue
            if role == "duration" and sentence[end : end + 1] in "来内间之":
                continue
            found.append(Candidate(start, end, kind, role, unit))
    return sorted(found, key=lambda candidate: candidate.start)
