"""Tell the language of a question: by script, then distinctive letters, then function words.

Made for one sentence, where statistics of letter sequences have little to count. What stands in title
marks or quotation marks is looked at only when nothing else is left, so that a question *about* a text
in another language keeps its own. Deterministic and linear. Knows nothing of documents or wording;
standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

LANGUAGES = ("zh", "en", "ru", "kk", "ja", "ko", "tr", "ar", "fa", "es", "fr", "de", "uz", "uk")
UNKNOWN = "und"  # ISO 639-2: undetermined
DEFAULT = "zh"  # for a text without letters: the language of most of the newspapers

_LOOKED_AT = 4000  # characters; the language of a longer text shows in its beginning

_QUOTED = re.compile(r"《[^《》]*》|〈[^〈〉]*〉|「[^「」]*」|『[^『』]*』|“[^“”]*”|«[^«»]*»|„[^„“”]*[“”]|\"[^\"]*\"")

_SCRIPTS: Mapping[str, str] = {
    "han": "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    "hiragana": "\u3041-\u3096",
    "katakana": "\u30a1-\u30fa\uff66-\uff9d",
    "hangul": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    "cyrillic": "\u0400-\u052f",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f",
    "latin": "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
    "other": "\u0370-\u03ff\u0531-\u05ea\u0900-\u0e7f\u1000-\u10ff\u1200-\u137f\u1780-\u17ff",
}
_SCRIPT = {name: re.compile(f"[{letters}]") for name, letters in _SCRIPTS.items()}

# A Han character says about as much as half a word, a letter of an alphabet about a fifth of one.
_WEIGHT = {"han": 2.5, "hiragana": 2.5, "katakana": 1.5, "hangul": 2.0}
_DENSE = ("han", "hiragana", "katakana")

_CHINESE = re.compile(
    "什么|甚么|什麼|哪|谁|誰|多少|多大|多久|怎|吗|嗎|呢|吧|几|幾|为何|如何|的|了|是|在|和|有|吗|这|這|那|他|她|它|们|們|没|沒"
)

# Words that ask: in a mixed question the side that asks is the question, the other side a name.
_ASKING: Mapping[str, re.Pattern[str]] = {
    "dense": re.compile(
        "什么|甚么|什麼|哪|谁|誰|多少|多大|多久|怎|吗|嗎|呢|几|幾|为何|如何|何时|何時|何|いつ|どこ|だれ|なに|どの|いくつ|なぜ|ですか"
    ),
    "hangul": re.compile("누가|누구|언제|어디|무엇|뭐|몇|얼마|왜|어떻게|어떤|어느|무슨"),
    "cyrillic": re.compile(
        r"\b(?:что|кто|где|когда|как|как(?:ой|ая|ое|ие|ова?|ово|овы)|сколько|почему|кем|чем|кого|чего|"
        r"кім|қай\w*|қашан|қалай|қанша|неше|не|ше|хто|що|коли|який|яка|скільки|чому)\b",
        re.IGNORECASE,
    ),
    "arabic": re.compile(r"\b(?:ما|من|ماذا|متى|أين|كم|كيف|لماذا|هل|چه|چی|کی|کجا|چند|چرا|کدام|چگونه)\b"),
}

# Letters that (nearly) only this language of its script uses; each kind of evidence counts like two words.
_LETTERS: Mapping[str, Mapping[str, str]] = {
    "cyrillic": {"kk": "әғқңөұүһ", "uk": "їєґ", "ru": "эёъ", "uz": "ўҳқғ", UNKNOWN: "ћђџљњјѓќѕ"},
    "arabic": {"fa": "پچژگکی", "ar": "ةىكيأإؤئ", UNKNOWN: "ٹڈڑںےھٻڄڃٿڏېۈۆۋەڭ"},
    "latin": {
        "tr": "ığşçöü",
        "es": "ñ",
        "fr": "œçêèàùûôîëï",
        "de": "ßäöü",
        "uz": "ʻ",
        UNKNOWN: "ãõøåæłśżźęąčřšžěůđơưăőűțșāēīūģķļņėįų",
    },
}

_WORDS: Mapping[str, Mapping[str, str]] = {
    "cyrillic": {
        "ru": "что кто где когда как какой какая какое какие какова каков каково каковы сколько почему "
        "зачем чей "
        "который которая и в во на с со о об из у к по за от для не это он она они был была было были "
        "есть ли а но "
        "его её их при до после между чем кем кого чего кому где году года",
        "kk": "не кім қай қайда қашан қалай қанша неше қандай неге кімнің және мен бен пен ол бұл сол "
        "осы ал ше ма ме деген "
        "ба бе па пе үшін туралы бойынша болды бар жоқ жылы жылғы бір еді екен деп бул кайда канша "
        "кандай жок кашан",
        "uk": "що хто де коли як який яка яке які скільки чому чи та і й у в на з із про є був була "
        "було були це він "
        "вона вони його її їх до після між року році",
        "uz": "нима ким қаерда қачон қанча неча қандай нега ва бу у билан учун эди",
        UNKNOWN: "што који која шта какво къде кога кой кой е са се на съм ким эмне кайсы качан канча кантип жана",
    },
    "arabic": {
        "fa": "است چه چی کی کجا چند چرا چگونه چطور کدام را که از به در این آن با برای بود شد هست می و تا یا آیا",
        "ar": "ما من ماذا متى أين كم كيف لماذا هل أي في على إلى عن هو هي هذا هذه التي الذي كان كانت مع و التى منذ بين",
        UNKNOWN: "کیا ہے میں کے کا کی سے نے کون کہاں کب ہیں",
    },
    "latin": {
        "en": "what who whom whose where when which how why the of and in on at to from is are was "
        "were be did does do "
        "has have had much many with for by that this it he she they there their his her its about a "
        "an can will "
        "would than between during after before not or i you my your please tell me",
        "tr": "ne kim nerede nereye nereden zaman kaç hangi nasıl neden niçin ve bir bu şu o ile için "
        "mi mı mu mü midir "
        "mıdır oldu olan kadar gibi en çok daha var yok kimdir nedir kaçtır ya da peki",
        "es": "qué quién quiénes dónde cuándo cómo cuál cuáles cuánto cuánta cuántos cuántas por para "
        "el la los las un "
        "una de del en y es son fue fueron está con que se su al lo como más sobre entre cuando donde "
        "quien cual a",
        "fr": "que qui quoi où quand comment combien pourquoi quel quelle quels quelles le la les un "
        "une des du de est "
        "sont été dans sur et à au aux en avec pour par ce cette il elle ils elles se qu l d c s n y "
        "t-il ont",
        "de": "was wer wen wem wo wann wie warum welche welcher welches wieviel der die das den dem "
        "des ein eine einen "
        "einer ist sind war waren hat haben wurde wurden und in im am auf mit für von zu zum zur nicht "
        "es er sie",
        "uz": "nima kim kimlar qayer qayerda qachon qancha nechta necha qanday qaysi nega va bu u "
        "bilan uchun edi bo "
        "yil yilda haqida emas bor yoq boʻldi qilgan ekan yili mi chi",
        UNKNOWN: "che chi dove quando quanto quale quali perché è il gli della di del nel sono stato "
        "una un per con "
        "qual quais quem onde como quanto não são os as do da dos das em um uma foi o e "
        "apa siapa mana kapan berapa bagaimana yang di dan ini itu dari untuk ke adalah "
        "wat wie waar wanneer hoe het een van de en zijn werd vad vem var när hur och är att det som "
        "co kto gdzie kiedy jak jaki jest w i na się czy do z ai ai gì nào đâu là của và có khi các "
        "một được "
        "hvad hvem hvor hvornår af og er mikä kuka missä milloin on ja mi ki hol mikor hány és az",
    },
}
_WORD_SETS = {
    script: {code: frozenset(words.split()) for code, words in table.items()} for script, table in _WORDS.items()
}
_WORD = re.compile(r"[^\W\d_]+(?:[ʻʼ‘’'`-][^\W\d_]+)*")
_ELISION = re.compile(r"\b(?:l|d|qu|c|s|n|j|m|t)['’](?=[^\W\d_])", re.IGNORECASE)
_DOTTED_I = re.compile("і|i(?=[а-я])|(?<=[а-я])i")
_UZBEK_O = re.compile(r"\b(?!who)\w*[og][ʻʼ‘’'`](?!(?:s|re|ll|d|ve|clock)\b)\w", re.IGNORECASE)


def detect(text: str) -> str:
    """Return the code of the language ``text`` is written in.

    One of :data:`LANGUAGES`, :data:`UNKNOWN` for any other language, :data:`DEFAULT` when there are no
    letters at all. Latin text without any telling letter or word (``Astana 2024``) is taken for English,
    such Cyrillic text for Russian, such Arabic text for Arabic.

    >>> detect("NASA是什么？"), detect("Who wrote 《从历史走向未来》?"), detect("Ал Өзбекстан ше?")
    ('zh', 'en', 'kk')
    """
    text = text[:_LOOKED_AT]
    outside = _QUOTED.sub(" ", text)
    counts = _count(outside)
    if not any(counts.values()):
        outside, counts = text, _count(text)
    if not any(counts.values()):
        return DEFAULT
    dense = sum(counts[name] * _WEIGHT[name] for name in _DENSE)
    sparse = {name: counts[name] * _WEIGHT.get(name, 1.0) for name in counts if name not in _DENSE}
    script = max(sparse, key=lambda name: sparse[name])
    if script == "latin":
        asking = [name for name in ("hangul", "cyrillic", "arabic") if _asks(outside, name, sparse[name])]
        script = asking[0] if asking else script
    if dense and _is_dense(outside, dense, script, sparse[script]):
        return _chinese_or_japanese(outside, counts)
    if script == "hangul":
        return "ko"
    return _by_letters_and_words(outside, script) if script in _WORDS else UNKNOWN


def _count(text: str) -> dict[str, int]:
    return {name: len(pattern.findall(text)) for name, pattern in _SCRIPT.items()}


def _asks(text: str, script: str, letters: float) -> bool:
    return letters > 0 and _ASKING[script].search(text) is not None


def _is_dense(text: str, dense: float, script: str, sparse: float) -> bool:
    """Tell whether a text that holds Han or kana beside another script is Chinese or Japanese.

    The side that asks wins, then the one with more function words, then the longer one.
    """
    if not sparse or (script == "latin" and _ASKING["dense"].search(text)):
        return True
    if script == "hangul":
        return dense > sparse
    ours = len(_CHINESE.findall(text)) + len(_SCRIPT["hiragana"].findall(text))
    theirs = max(_function_words(text, script).values(), default=0)
    return ours > theirs if ours != theirs else dense >= sparse


def _chinese_or_japanese(text: str, counts: Mapping[str, int]) -> str:
    """Kana make Japanese, but for a lone の in Chinese and katakana names in a Chinese sentence."""
    hiragana, katakana = counts["hiragana"], counts["katakana"]
    if not hiragana and not katakana:
        return "zh"
    chinese = len(_CHINESE.findall(text))
    return "zh" if chinese > hiragana and hiragana < 2 else "ja"


def _function_words(text: str, script: str) -> dict[str, int]:
    """Return how many words of ``text`` are function words of each language of ``script``."""
    if script not in _WORD_SETS:
        return {}
    spaced = _ELISION.sub(lambda match: f"{match.group()[:-1]} ", text) if script == "latin" else text
    words = [word.lower() for word in _WORD.findall(spaced)]
    return {code: sum(word in known for word in words) for code, known in _WORD_SETS[script].items()}


def _by_letters_and_words(text: str, script: str) -> str:
    """Choose among the languages of one alphabet: letters count twice as much as words."""
    lowered = text.replace("İ", "ı").lower()
    scores = {code: float(count) for code, count in _function_words(text, script).items()}
    for code, letters in _LETTERS[script].items():
        kinds = len(set(letters) & set(lowered))
        if kinds:
            scores[code] = scores.get(code, 0.0) + 2.0 * kinds
    if script == "latin":
        scores["uz"] += sum(1.0 if "'" in word else 2.0 for word in _UZBEK_O.findall(text))
        scores["es"] += 4.0 * ("¿" in text or "¡" in text)
    if script == "cyrillic" and _DOTTED_I.search(lowered):  # Kazakh and Ukrainian share it, Russian has not
        scores["kk"] += 1.0
        scores["uk"] += 1.5 if any(letter in lowered for letter in "ьщцюя") else 0.9
        scores["ru"] -= 2.0
    fallback = {"latin": "en", "cyrillic": "ru", "arabic": "ar"}[script]
    best = max(scores.values())
    if best <= 0:
        return fallback
    leaders = [code for code, score in scores.items() if score == best]
    return fallback if fallback in leaders else leaders[0]
