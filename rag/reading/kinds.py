"""What kind of answer a question asks for: who, when, where, how many, …, by its question words.

A table of patterns over the folded question, most specific first; the first that matches decides. Knows
the question only, nothing of evidence or models.
"""

# ruff: noqa: E501 - a pattern is easier to read on one line
from __future__ import annotations

import re

from rag.reading.folding import fold

_TABLE: tuple[tuple[str, str], ...] = (
    (
        "age-duration",
        r"多久|多长时间|多少(?:年|天|个?月(?![薪租供费])|小时|分钟|周|岁)|几(?:年|天|个月|小时|分钟|周|岁)(?!代|份|级)|多大年|年龄|享年|"
        r"how (?:long|old)\b|сколько (?:лет|времени|дней|месяц)|как долго|қанша (?:жыл|уақыт|күн)|何(?:年間|年间|日間|日间|时间|時間|歳|岁|か月)|"
        r"combien de temps|quel âge|berapa (?:lama|tahun|umur)|cu[aá]nto tiempo",
    ),
    (
        "money",
        r"多少(?:亿|万|百万|千)*(?:元|美元|欧元|日元|英镑|钱|卢布|人民币|港元|港币)|how much (?:money|did .* cost)|价格|售价|票价|几(?:元|块)|"
        r"\bprice\b|\bcost\b|сколько (?:стоит|денег)|цена|бағасы|いくら|何円|combien co[uû]te|\bprix\b|harga",
    ),
    (
        "share",
        r"百分之|比例|多少(?:%|个?百分|成)|占比|几成|率(?:是|为|达)|percent|percentage|proportion|\brate\b|процент|дол[яюи]|"
        r"пайыз|何(?:%|パーセント|割)|割合|pourcentage|persen",
    ),
    (
        "how-many",
        r"多少|几(?:个|名|人|位|家|项|次|种|所|座|条|届|场|部|枚|艘|架|支|只|本|篇|章|集|期|级|层|口|户|辆|台|处|万|百|千|亿|块|颗|公里|米|"
        r"大|对|句|首|张|股|回|代|道|倍|吨|号|点(?=[建意要看体感启希]))|多[大高长远重深宽快]|第几|how (?:many|much|far|tall|high|large|big|deep|fast|often)\b|"
        r"(?<!\bво )сколько|каков[аоы]? (?:объ[её]м|размер|числ|высот|площад|длин)|қанша|неше(?!де)|いくつ|何(?:人|個|个|回|本|台|枚|種|种|校|度|名|番|キロ|"
        r"メートル|パ|か国|か所|つ|件|冊|册|位|倍|万|千|百|対|対何)|どのくらい|どれくらい|combien|berapa|cu[aá]nt|quant[oa]s?\b|wie ?viel|كم\b|چند|몇|얼마",
    ),
    (
        "when",
        r"什么时候|什麽时候|何时|何年|何月|何日|哪(?:[一两三几])?(?:年|天|日|月|个月|个世纪|个年代|个朝代)|几(?:月|号|日|年代|世纪|点|时)|什么(?:时间|年代|日期|"
        r"时期|朝代|年份)|时间是|日期|何世纪|when\b|what (?:year|date|day|month|time|century|decade)|which (?:year|day|month|century)|когда|во сколько|"
        r"в каком (?:году|месяце|веке)|какого числа|қашан|нешеде|қай (?:жыл|күн|ай)|қандай жыл|いつ|quand\b|en quelle ann[ée]e|kapan|tahun berapa|"
        r"cu[aá]ndo|quando\b|wann\b|متى|언제|کِی|چه (?:سال|زمان)",
    ),
    (
        "where",
        r"哪里|哪裡|哪儿|何处|何地|在哪|什么(?:地方|地点|位置|地区)|哪(?:个|一个?|座|些|几个)(?:地方|国家|省|市|城市|县|地区|区|州|岛|洲|镇|村|港|国)|"
        r"地点|哪国|where\b|(?:what|which) (?:country|city|place|state|province|region|town|continent|county)|где\b|куда\b|откуда\b|в как(?:ой|ом) "
        r"(?:стран|город|област|регион)|қайда|қай жер|қай (?:ел|қала|облыс)|どこ|何(?:県|县|市|国|処|処)|o[uù] |dans quel(?:le)? (?:ville|pays)|"
        r"(?:di ?|dari ?)mana(?:kah)?|d[oó]nde|onde\b|wo\b|أين|어디|کجا",
    ),
    (
        "who",
        r"谁|何人|哪(?:一)?(?:位|名|个人)|什么人|哪些人|who\b|whom\b|whose\b|\bкто\b|\bкого\b|\bкому\b|\bкем\b|чей|кім|誰|だれ|何者|"
        r"\bqui\b|siapa|qui[eé]n|quem\b|\bwer\b|من هو|من هي|누구|누가|چه کسی",
    ),
    (
        "why",
        r"(?<![称稱叫视視])为什么|为何(?!物)|为啥|什么原因|何原因|原因|why\b|reason|what cause|почему|зачем|причин|неге|не себеп|себебі|なぜ|どうして|理由|原因|"
        r"pourquoi|mengapa|kenapa|por qu[eé]|warum|لماذا|왜|چرا",
    ),
    (
        "how",
        r"怎么|怎样|如何|怎麽|什么样|怎么样|how\b|как\b|каким образом|қалай|どのように|どうやって|どうやり|comment\b|bagaimana|c[oó]mo\b|"
        r"\bcomo\b|wie\b|كيف|어떻게|چگونه",
    ),
    (
        "list",
        r"哪些|哪几|分别|列举|包括什么|which .*\bare\b|what are|what kinds|какие\b|қандай .*лар|何々|どんな|quels\b|quelles\b|apa saja",
    ),
    (
        "name",
        r"名字|名称|叫什么|叫做|称为|称作|又名|别名|被称|called\b|named?\b|name of|назыв|назван|атауы|аты кім|аталады|何という|なんという|"
        r"呼ばれ|名前|名称|appel|nomm|nama\b|disebut|이름|نام",
    ),
    (
        "which",
        r"哪|which\b|какой|какая|какое|каком|какую|қай\b|қандай|どの|どちら|quel(?:le)?s?\b|yang mana|cu[aá]l|qual\b|welche|어느|어떤|کدام",
    ),
    (
        "what",
        r"什么|什麽|何|啥|what\b|что\b|чего\b|чем\b|не\b.*[?？]$|なに|なん|que\b|quoi|qu.est|apa(?:kah)?\b|qu[eé]\b|was\b|ما\b|무엇|چه|(?:是|为|有|は)[?？]?$",
    ),
    (
        "yes-no",
        r"(?:吗|能不能|会不会|是不是|是否|有没有)|^(?:is|are|was|were|do|does|did|can|has|have)\b|\bли\b|\b(?:ма|ме|ба|бе|па|пе)[?？]|"
        r"^est-ce que|ですか[?？。]?$|ますか[?？。]?$",
    ),
)

KINDS: tuple[str, ...] = ("other", *(kind for kind, _ in _TABLE))
_PATTERNS = tuple((KINDS.index(kind), re.compile(pattern)) for kind, pattern in _TABLE)


def question_kind(question: str) -> int:
    """Return the place in `KINDS` of what ``question`` asks for; 0 when nothing tells.

    >>> KINDS[question_kind("双边贸易额达到多少？")], KINDS[question_kind("Who is the mayor?")]
    ('how-many', 'who')
    """
    folded = fold(question.strip())
    for kind, pattern in _PATTERNS:
        if pattern.search(folded):
            return kind
    return 0
