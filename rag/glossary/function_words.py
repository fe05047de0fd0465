"""Words that carry no subject matter: articles, prepositions, pronouns, auxiliaries, question words.

They are not glossed: what a question asks for is told by its question word in its own language, and the rest of them
would match anything. One string of words per language.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS: dict[str, frozenset[str]] = {
    "en": _words(
        "a an the of in on at to from by for with without about into onto over under as than then and or nor but if so "
        "is are was were be been being am do does did done doing has have had having will would shall should can could "
        "may might must i you he she it we they me him her us them my your his its our their this that these those "
        "there here what who whom whose which when where why how many much long far old often not no yes any some "
        "each every all both either neither other another such same own s t d ll re ve let please tell according "
        "during after before between since until while because due per up down out off again more most very just only "
        "also too ever still even get got gets go goes take takes took make makes made put year years"
    ),
    "ru": _words(
        "почем насколько стоит стоил стоила стоило стоили стоят стоить "
        "а без был была были было быть в вам вас весь во вот все всего всех вы где да даже для до его ее ей ему если "
        "есть еще же за зачем здесь и из или им их к как какая какие каким каких какова каков каково каковы какого "
        "какой какое какую каком какому когда кого кому кем кто куда ли либо между меня мне много мы на над надо нас "
        "не него нее ней нет ни них но ну о об один однако он она они оно от откуда по под почему пока после потом "
        "почем при про с сам сама само сейчас сколько скольких скольким со собой так также такой там те тем то того "
        "тоже только том тот тут ты у уже хоть чего чей чем через что чтобы чье чья эта эти это этого этой этом этот я "
        "год года году лет свой своя свое свои который которая которое которые которого которой которых"
    ),
    "kk": _words(
        "ал ама арқылы бар бен бір бірақ біз бойы бойынша болды болады болған болса болып бұл да де дейін деген деп ді "
        "дейтін еді екен емес ең есе әр және жоқ кейін кезде кезінде кейінгі кім кімге кімді кімнің кіммен қай қайда "
        "қайдан қайсы қалай қандай қанша қаншаға қашан қатар мен менің неге не нені неден неше нешеде нешеу нешеге "
        "неліктен ол олар олардың оның онда осы осында өз өзі пен сен сіз сол солай соң туралы тек тағы үшін "
        "ше жыл жылы жылдың жылдар жылдары жылға барлық туралы сайын бойы ма ме ба бе па пе ғана сияқты "
        "секілді шейін қарай басқа тұр тұрады тұрған"
    ),
}
