"""Countries, regions and cities a newspaper reader asks about, in four languages: enough to tell a place.

A name that is not here is still found by its shape or its preposition; this table only makes the common
ones certain. Data only.
"""

from __future__ import annotations

from functools import lru_cache

# kind: zh / en / ru / kk (a comma parts variants)
_TABLE = """
country: 中国 / China / Китай / Қытай
country: 哈萨克斯坦 / Kazakhstan / Казахстан / Қазақстан
country: 乌兹别克斯坦 / Uzbekistan / Узбекистан / Өзбекстан
country: 吉尔吉斯斯坦 / Kyrgyzstan / Кыргызстан, Киргизия / Қырғызстан
country: 塔吉克斯坦 / Tajikistan / Таджикистан / Тәжікстан
country: 土库曼斯坦 / Turkmenistan / Туркменистан, Туркмения / Түрікменстан
country: 俄罗斯 / Russia / Россия / Ресей
country: 美国 / United States, USA, US, America / США, Америка / АҚШ, Америка
country: 英国 / United Kingdom, UK, Britain, England / Великобритания, Англия / Ұлыбритания, Англия
country: 法国 / France / Франция / Франция
country: 德国 / Germany / Германия / Германия
country: 日本 / Japan / Япония / Жапония
country: 韩国 / South Korea, Korea / Южная Корея, Корея / Корея, Оңтүстік Корея
country: 朝鲜 / North Korea / КНДР, Северная Корея / Солтүстік Корея
country: 印度 / India / Индия / Үндістан
country: 巴基斯坦 / Pakistan / Пакистан / Пәкістан
country: 阿富汗 / Afghanistan / Афганистан / Ауғанстан
country: 伊朗 / Iran / Иран / Иран
country: 伊拉克 / Iraq / Ирак / Ирак
country: 土耳其 / Turkey, Türkiye / Турция / Түркия
country: 蒙古国, 蒙古 / Mongolia / Монголия / Моңғолия
country: 阿塞拜疆 / Azerbaijan / Азербайджан / Әзербайжан
country: 格鲁吉亚 / Georgia / Грузия / Грузия
country: 亚美尼亚 / Armenia / Армения / Армения
country: 乌克兰 / Ukraine / Украина / Украина
country: 白俄罗斯 / Belarus / Беларусь, Белоруссия / Беларусь
country: 波兰 / Poland / Польша / Польша
country: 意大利 / Italy / Италия / Италия
country: 西班牙 / Spain / Испания / Испания
country: 葡萄牙 / Portugal / Португалия / Португалия
country: 荷兰 / Netherlands, Holland / Нидерланды, Голландия / Нидерланд
country: 比利时 / Belgium / Бельгия / Бельгия
country: 瑞士 / Switzerland / Швейцария / Швейцария
country: 瑞典 / Sweden / Швеция / Швеция
country: 挪威 / Norway / Норвегия / Норвегия
country: 芬兰 / Finland / Финляндия / Финляндия
country: 丹麦 / Denmark / Дания / Дания
country: 匈牙利 / Hungary / Венгрия / Мажарстан, Венгрия
country: 塞尔维亚 / Serbia / Сербия / Сербия
country: 希腊 / Greece / Греция / Грекия
country: 以色列 / Israel / Израиль / Израиль
country: 埃及 / Egypt / Египет / Мысыр, Египет
country: 沙特阿拉伯, 沙特 / Saudi Arabia / Саудовская Аравия / Сауд Арабиясы
country: 阿联酋 / United Arab Emirates, UAE / ОАЭ / БАӘ
country: 卡塔尔 / Qatar / Катар / Катар
country: 南非 / South Africa / ЮАР / ОАР
country: 尼日利亚 / Nigeria / Нигерия / Нигерия
country: 肯尼亚 / Kenya / Кения / Кения
country: 埃塞俄比亚 / Ethiopia / Эфиопия / Эфиопия
country: 巴西 / Brazil / Бразилия / Бразилия
country: 阿根廷 / Argentina / Аргентина / Аргентина
country: 智利 / Chile / Чили / Чили
country: 秘鲁 / Peru / Перу / Перу
country: 墨西哥 / Mexico / Мексика / Мексика
country: 加拿大 / Canada / Канада / Канада
country: 澳大利亚 / Australia / Австралия / Австралия
country: 新西兰 / New Zealand / Новая Зеландия / Жаңа Зеландия
country: 印度尼西亚, 印尼 / Indonesia / Индонезия / Индонезия
country: 马来西亚 / Malaysia / Малайзия / Малайзия
country: 新加坡 / Singapore / Сингапур / Сингапур
country: 泰国 / Thailand / Таиланд / Тайланд
country: 越南 / Vietnam / Вьетнам / Вьетнам
country: 老挝 / Laos / Лаос / Лаос
country: 柬埔寨 / Cambodia / Камбоджа / Камбоджа
country: 缅甸 / Myanmar / Мьянма / Мьянма
country: 菲律宾 / Philippines / Филиппины / Филиппин
country: 孟加拉国 / Bangladesh / Бангладеш / Бангладеш
country: 斯里兰卡 / Sri Lanka / Шри-Ланка / Шри-Ланка
country: 尼泊尔 / Nepal / Непал / Непал
region: 中亚 / Central Asia / Центральная Азия / Орталық Азия
region: 中亚五国 / - / - / -
region: 欧洲 / Europe / Европа / Еуропа
region: 亚洲 / Asia / Азия / Азия
region: 非洲 / Africa / Африка / Африка
region: 东盟 / ASEAN / АСЕАН / АСЕАН
region: 欧盟 / European Union, EU / Евросоюз, ЕС / Еуропалық Одақ, ЕО
region: 新疆 / Xinjiang / Синьцзян / Шыңжаң
region: 西藏 / Tibet / Тибет / Тибет
region: 内蒙古 / Inner Mongolia / Внутренняя Монголия / Ішкі Моңғолия
region: 香港 / Hong Kong / Гонконг / Гонконг
region: 澳门 / Macao, Macau / Макао / Макао
region: 台湾 / Taiwan / Тайвань / Тайвань
region: 广东 / Guangdong / Гуандун / Гуандун
region: 陕西 / Shaanxi / Шэньси / Шэньси
region: 四川 / Sichuan / Сычуань / Сычуань
region: 浙江 / Zhejiang / Чжэцзян / Чжэцзян
region: 江苏 / Jiangsu / Цзянсу / Цзянсу
region: 山东 / Shandong / Шаньдун / Шаньдун
region: 河南 / Henan / Хэнань / Хэнань
region: 甘肃 / Gansu / Ганьсу / Ганьсу
city: 北京 / Beijing / Пекин / Бейжің, Пекин
city: 上海 / Shanghai / Шанхай / Шанхай
city: 天津 / Tianjin / Тяньцзинь / Тяньцзинь
city: 重庆 / Chongqing / Чунцин / Чунцин
city: 广州 / Guangzhou / Гуанчжоу / Гуанчжоу
city: 深圳 / Shenzhen / Шэньчжэнь / Шэньчжэнь
city: 西安 / Xi'an, Xi’an, Xian / Сиань / Сиань
city: 成都 / Chengdu / Чэнду / Чэнду
city: 武汉 / Wuhan / Ухань / Ухань
city: 杭州 / Hangzhou / Ханчжоу / Ханчжоу
city: 南京 / Nanjing / Нанкин / Нанкин
city: 青岛 / Qingdao / Циндао / Циндао
city: 乌鲁木齐 / Urumqi, Ürümqi / Урумчи / Үрімжі
city: 喀什 / Kashgar, Kashi / Кашгар / Қашқар
city: 霍尔果斯 / Khorgos, Horgos / Хоргос / Қорғас
city: 兰州 / Lanzhou / Ланьчжоу / Ланьчжоу
city: 阿斯塔纳 / Astana / Астана / Астана
city: 阿拉木图 / Almaty / Алматы, Алма-Ата / Алматы
city: 奇姆肯特 / Shymkent / Шымкент / Шымкент
city: 塔什干 / Tashkent / Ташкент / Ташкент
city: 撒马尔罕 / Samarkand / Самарканд / Самарқанд
city: 比什凯克 / Bishkek / Бишкек / Бішкек
city: 杜尚别 / Dushanbe / Душанбе / Душанбе
city: 阿什哈巴德 / Ashgabat / Ашхабад / Ашхабад
city: 莫斯科 / Moscow / Москва / Мәскеу
city: 圣彼得堡 / Saint Petersburg, St Petersburg, St. Petersburg / Санкт-Петербург / Санкт-Петербург
city: 喀山 / Kazan / Казань / Қазан
city: 伦敦 / London / Лондон / Лондон
city: 巴黎 / Paris / Париж / Париж
city: 柏林 / Berlin / Берлин / Берлин
city: 东京 / Tokyo / Токио / Токио
city: 首尔 / Seoul / Сеул / Сеул
city: 纽约 / New York / Нью-Йорк / Нью-Йорк
city: 华盛顿 / Washington / Вашингтон / Вашингтон
city: 日内瓦 / Geneva / Женева / Женева
city: 伊斯坦布尔 / Istanbul / Стамбул / Ыстанбұл
city: 安卡拉 / Ankara / Анкара / Анкара
city: 德黑兰 / Tehran / Тегеран / Тегеран
city: 新德里 / New Delhi / Нью-Дели / Нью-Дели
"""

_COLUMNS = ("zh", "en", "ru", "kk")


@lru_cache(maxsize=4)
def places(language: str) -> dict[str, str]:
    """Return the names in ``language`` (zh, en, ru or kk) with their sort: country, region or city.

    >>> places("ru")["Казахстан"]
    'country'
    """
    column = _COLUMNS.index(language)
    found: dict[str, str] = {}
    for line in _TABLE.strip().splitlines():
        sort, names = line.split(": ", 1)
        for name in names.split(" / ")[column].split(","):
            if name.strip() != "-":
                found[name.strip()] = sort
    return found
