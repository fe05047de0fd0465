"""What each language says around quotes: one entry per language, read by ``rag.rendering``.

To add a language, add an entry; a test holds that every entry is complete. Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What one language says around quotes.

    ``refusal`` is said where nothing answers, ``unsure`` where something may.
    ``quoted`` holds ``{}`` for the name of the source's language, ``languages`` those names in the form
    that fits it, in the order of ``rag.languages.LANGUAGES``; ``foreign`` is used for any other language.
    ``date`` has fields ``year``, ``month`` (a name from ``months`` when there are any) and ``day``.
    ``marks`` are the quotation marks, ``brackets`` those around date and source.
    """

    refusal: str
    unsure: str
    closest: str
    conflict: str
    no_documents: str
    empty_question: str
    quoted: str
    foreign: str
    languages: tuple[str, ...]
    date: str
    months: tuple[str, ...]
    marks: tuple[str, str]
    brackets: tuple[str, str] = (" (", ")")
    comma: str = ", "


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


WORDS: Mapping[str, Words] = {
    "zh": Words(
        refusal="文献中没有提到。",
        unsure="没有找到有把握的答案。",
        closest="最接近的段落，未必回答了这个问题：",
        conflict="各来源说法不一：",
        no_documents="还没有添加任何文献。请先添加报纸或其他文件，再提问。",
        empty_question="请输入一个问题。",
        quoted="{}原文：",
        foreign="外文原文：",
        languages=_names(
            "中文, 英文, 俄文, 哈萨克文, 日文, 韩文, 土耳其文, 阿拉伯文, 波斯文, 西班牙文, 法文, 德文, "
            "乌兹别克文, 乌克兰文"
        ),
        date="{year}年{month}月{day}日",
        months=(),
        marks=("“", "”"),
        brackets=("（", "）"),
        comma="，",
    ),
    "en": Words(
        refusal="The documents do not say.",
        unsure="No sure answer was found in the documents.",
        closest="Closest passages; they may not answer the question:",
        conflict="The sources differ:",
        no_documents="There are no documents yet. Add newspapers or other files first, then ask.",
        empty_question="Please type a question.",
        quoted="From the source, in {}:",
        foreign="From the source, in another language:",
        languages=_names(
            "Chinese, English, Russian, Kazakh, Japanese, Korean, Turkish, Arabic, Persian, Spanish, "
            "French, German, "
            "Uzbek, Ukrainian"
        ),
        date="{day} {month} {year}",
        months=_names(
            "January, February, March, April, May, June, July, August, September, October, November, December"
        ),
        marks=("“", "”"),
    ),
    "ru": Words(
        refusal="В документах об этом не говорится.",
        unsure="Уверенного ответа в документах не нашлось.",
        closest="Самые близкие фрагменты, но ответа на вопрос в них может не быть:",
        conflict="Источники расходятся:",
        no_documents="Документов пока нет. Сначала добавьте газеты или другие файлы, затем задайте вопрос.",
        empty_question="Введите вопрос.",
        quoted="В источнике, на {} языке:",
        foreign="В источнике, на другом языке:",
        languages=_names(
            "китайском, английском, русском, казахском, японском, корейском, турецком, арабском, "
            "персидском, "
            "испанском, французском, немецком, узбекском, украинском"
        ),
        date="{day} {month} {year} г.",
        months=_names("января, февраля, марта, апреля, мая, июня, июля, августа, сентября, октября, ноября, декабря"),
        marks=("«", "»"),
    ),
    "kk": Words(
        refusal="Құжаттарда бұл туралы айтылмаған.",
        unsure="Құжаттардан сенімді жауап табылмады.",
        closest="Ең жақын үзінділер, бірақ оларда сұрақтың жауабы болмауы мүмкін:",
        conflict="Дереккөздердегі мәліметтер әртүрлі:",
        no_documents="Әзірге құжат жоқ. Алдымен газеттерді немесе басқа файлдарды қосып, содан кейін сұрақ қойыңыз.",
        empty_question="Сұрағыңызды жазыңыз.",
        quoted="Дереккөзде, {} тілінде:",
        foreign="Дереккөзде, басқа тілде:",
        languages=_names(
            "қытай, ағылшын, орыс, қазақ, жапон, корей, түрік, араб, парсы, испан, француз, неміс, өзбек, украин"
        ),
        date="{year} жылғы {day} {month}",
        months=_names("қаңтар, ақпан, наурыз, сәуір, мамыр, маусым, шілде, тамыз, қыркүйек, қазан, қараша, желтоқсан"),
        marks=("«", "»"),
    ),
    "ja": Words(
        refusal="文書には書かれていません。",
        unsure="文書から確かな答えは見つかりませんでした。",
        closest="最も近い箇所ですが、質問の答えとは限りません：",
        conflict="資料によって内容が異なります：",
        no_documents="まだ文書がありません。先に新聞などのファイルを追加してから質問してください。",
        empty_question="質問を入力してください。",
        quoted="原文（{}）：",
        foreign="原文（外国語）：",
        languages=_names(
            "中国語, 英語, ロシア語, カザフ語, 日本語, 韓国語, トルコ語, アラビア語, ペルシア語, "
            "スペイン語, フランス語, "
            "ドイツ語, ウズベク語, ウクライナ語"
        ),
        date="{year}年{month}月{day}日",
        months=(),
        marks=("「", "」"),
        brackets=("（", "）"),
        comma="、",
    ),
    "ko": Words(
        refusal="문서에는 나와 있지 않습니다.",
        unsure="문서에서 확실한 답을 찾지 못했습니다.",
        closest="가장 가까운 대목이지만 질문에 대한 답이 아닐 수 있습니다:",
        conflict="출처마다 내용이 다릅니다:",
        no_documents="아직 문서가 없습니다. 먼저 신문이나 다른 파일을 추가한 뒤 질문해 주세요.",
        empty_question="질문을 입력해 주세요.",
        quoted="원문({}):",
        foreign="원문(외국어):",
        languages=_names(
            "중국어, 영어, 러시아어, 카자흐어, 일본어, 한국어, 튀르키예어, 아랍어, 페르시아어, "
            "스페인어, 프랑스어, 독일어, "
            "우즈베크어, 우크라이나어"
        ),
        date="{year}년 {month}월 {day}일",
        months=(),
        marks=("“", "”"),
        brackets=("(", ")"),
    ),
    "tr": Words(
        refusal="Belgelerde bu konuda bilgi yok.",
        unsure="Belgelerde kesin bir yanıt bulunamadı.",
        closest="En yakın bölümler; ancak soruyu yanıtlamayabilirler:",
        conflict="Kaynaklar farklı bilgi veriyor:",
        no_documents="Henüz belge yok. Önce gazete veya başka dosyalar ekleyin, sonra sorun.",
        empty_question="Lütfen bir soru yazın.",
        quoted="Kaynakta, {}:",
        foreign="Kaynakta, başka bir dilde:",
        languages=_names(
            "Çince, İngilizce, Rusça, Kazakça, Japonca, Korece, Türkçe, Arapça, Farsça, İspanyolca, "
            "Fransızca, "
            "Almanca, Özbekçe, Ukraynaca"
        ),
        date="{day} {month} {year}",
        months=_names("Ocak, Şubat, Mart, Nisan, Mayıs, Haziran, Temmuz, Ağustos, Eylül, Ekim, Kasım, Aralık"),
        marks=("“", "”"),
    ),
    "ar": Words(
        refusal="لا تذكر الوثائق ذلك.",
        unsure="لم يُعثر في الوثائق على إجابة مؤكدة.",
        closest="أقرب المقاطع، وقد لا تجيب عن السؤال:",
        conflict="المصادر مختلفة:",
        no_documents="لا توجد وثائق بعد. أضف صحفًا أو ملفات أخرى أولًا ثم اطرح سؤالك.",
        empty_question="يرجى كتابة سؤال.",
        quoted="من المصدر، باللغة {}:",
        foreign="من المصدر، بلغة أخرى:",
        languages=_names(
            "الصينية, الإنجليزية, الروسية, الكازاخية, اليابانية, الكورية, التركية, العربية, الفارسية, "
            "الإسبانية, "
            "الفرنسية, الألمانية, الأوزبكية, الأوكرانية"
        ),
        date="{day} {month} {year}",
        months=_names("يناير, فبراير, مارس, أبريل, مايو, يونيو, يوليو, أغسطس, سبتمبر, أكتوبر, نوفمبر, ديسمبر"),
        marks=("«", "»"),
        comma="، ",
    ),
    "fa": Words(
        refusal="در اسناد به این موضوع اشاره نشده است.",
        unsure="در اسناد پاسخ مطمئنی پیدا نشد.",
        closest="نزدیک‌ترین بخش‌ها، که شاید پاسخ پرسش در آن‌ها نباشد:",
        conflict="منابع با هم اختلاف دارند:",
        no_documents="هنوز سندی وجود ندارد. نخست روزنامه‌ها یا پرونده‌های دیگر را بیفزایید و سپس بپرسید.",
        empty_question="لطفاً پرسشی بنویسید.",
        quoted="از منبع، به زبان {}:",
        foreign="از منبع، به زبانی دیگر:",
        languages=_names(
            "چینی, انگلیسی, روسی, قزاقی, ژاپنی, کره‌ای, ترکی, عربی, فارسی, اسپانیایی, فرانسوی, آلمانی, ازبکی, اوکراینی"
        ),
        date="{day} {month} {year}",
        months=_names("ژانویه, فوریه, مارس, آوریل, مه, ژوئن, ژوئیه, اوت, سپتامبر, اکتبر, نوامبر, دسامبر"),
        marks=("«", "»"),
        comma="، ",
    ),
    "es": Words(
        refusal="Los documentos no lo dicen.",
        unsure="No se ha encontrado una respuesta segura en los documentos.",
        closest="Los pasajes más cercanos; puede que no respondan a la pregunta:",
        conflict="Las fuentes no coinciden:",
        no_documents="Todavía no hay documentos. Añada primero periódicos u otros archivos y después pregunte.",
        empty_question="Escriba una pregunta.",
        quoted="De la fuente, en {}:",
        foreign="De la fuente, en otro idioma:",
        languages=_names(
            "chino, inglés, ruso, kazajo, japonés, coreano, turco, árabe, persa, español, francés, "
            "alemán, uzbeko, "
            "ucraniano"
        ),
        date="{day} de {month} de {year}",
        months=_names(
            "enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre, octubre, noviembre, diciembre"
        ),
        marks=("«", "»"),
    ),
    "fr": Words(
        refusal="Les documents ne le disent pas.",
        unsure="Aucune réponse sûre n’a été trouvée dans les documents.",
        closest="Les passages les plus proches ; ils ne répondent peut-être pas à la question :",
        conflict="Les sources divergent :",
        no_documents="Il n’y a pas encore de documents. Ajoutez d’abord des journaux ou d’autres "
        "fichiers, puis "
        "posez votre question.",
        empty_question="Veuillez saisir une question.",
        quoted="Dans la source, en {} :",
        foreign="Dans la source, dans une autre langue :",
        languages=_names(
            "chinois, anglais, russe, kazakh, japonais, coréen, turc, arabe, persan, espagnol, "
            "français, allemand, "
            "ouzbek, ukrainien"
        ),
        date="{day} {month} {year}",
        months=_names(
            "janvier, février, mars, avril, mai, juin, juillet, août, septembre, octobre, novembre, décembre"
        ),
        marks=("«\u00a0", "\u00a0»"),
    ),
    "de": Words(
        refusal="In den Dokumenten steht dazu nichts.",
        unsure="In den Dokumenten fand sich keine sichere Antwort.",
        closest="Die nächstliegenden Passagen; vielleicht beantworten sie die Frage nicht:",
        conflict="Die Quellen widersprechen sich:",
        no_documents="Es gibt noch keine Dokumente. Fügen Sie zuerst Zeitungen oder andere Dateien "
        "hinzu und fragen "
        "Sie dann.",
        empty_question="Bitte geben Sie eine Frage ein.",
        quoted="Aus der Quelle, auf {}:",
        foreign="Aus der Quelle, in einer anderen Sprache:",
        languages=_names(
            "Chinesisch, Englisch, Russisch, Kasachisch, Japanisch, Koreanisch, Türkisch, Arabisch, "
            "Persisch, "
            "Spanisch, Französisch, Deutsch, Usbekisch, Ukrainisch"
        ),
        date="{day}. {month} {year}",
        months=_names("Januar, Februar, März, April, Mai, Juni, Juli, August, September, Oktober, November, Dezember"),
        marks=("„", "“"),
    ),
    "uz": Words(
        refusal="Hujjatlarda bu haqda aytilmagan.",
        unsure="Hujjatlardan ishonchli javob topilmadi.",
        closest="Eng yaqin parchalar, lekin ularda savolga javob bo‘lmasligi mumkin:",
        conflict="Manbalardagi ma’lumotlar farq qiladi:",
        no_documents="Hozircha hujjat yo‘q. Avval gazeta yoki boshqa fayllarni qo‘shing, keyin savol bering.",
        empty_question="Iltimos, savol yozing.",
        quoted="Manbada, {} tilida:",
        foreign="Manbada, boshqa tilda:",
        languages=_names(
            "xitoy, ingliz, rus, qozoq, yapon, koreys, turk, arab, fors, ispan, fransuz, nemis, o‘zbek, ukrain"
        ),
        date="{year}-yil {day}-{month}",
        months=_names("yanvar, fevral, mart, aprel, may, iyun, iyul, avgust, sentabr, oktabr, noyabr, dekabr"),
        marks=("“", "”"),
    ),
    "uk": Words(
        refusal="У документах про це не йдеться.",
        unsure="Певної відповіді в документах не знайдено.",
        closest="Найближчі фрагменти, але відповіді на запитання в них може не бути:",
        conflict="Джерела розходяться:",
        no_documents="Документів поки немає. Спершу додайте газети або інші файли, а потім поставте запитання.",
        empty_question="Введіть запитання.",
        quoted="У джерелі, {} мовою:",
        foreign="У джерелі, іншою мовою:",
        languages=_names(
            "китайською, англійською, російською, казахською, японською, корейською, турецькою, арабською, "
            "перською, іспанською, французькою, німецькою, узбецькою, українською"
        ),
        date="{day} {month} {year} р.",
        months=_names(
            "січня, лютого, березня, квітня, травня, червня, липня, серпня, вересня, жовтня, листопада, грудня"
        ),
        marks=("«", "»"),
    ),
}
