"""Why a file could not be added or a question not be answered, in Chinese.

The program says it in English, on one line; here each such line has its Chinese one. A line that is not known
stays as it is. Knows nothing of HTML.
"""

from __future__ import annotations

import re

from page.markup import file_name
from page.texts import Texts

_CHINESE: tuple[tuple[str, str], ...] = (
    (r"the file is empty; nothing to add\.", "文件是空的"),
    (r"there is no text in the file; nothing to add\.", "文件里没有文字"),
    (r"no text was found in the page\.", "网页里没有正文"),
    (r"files of type “(.+)” cannot be read\. Supported: (.+)", "读不了 {0} 文件；可以添加 {1}"),
    (r"this does not look like text.*", "看起来不是文本文件；请另存为 UTF-8 文本再添加"),
    (r"not an ordinary file; nothing to add\.", "不是普通文件"),
    (r"cannot be read \((.+)\)\.", "读不了（{0}）"),
    (
        r"(\d+) MiB is over the limit of (\d+) MiB\. Split the file\.",
        "文件有 {0} MiB，超过 {1} MiB 的上限；请拆开再添加",
    ),
    (r"(?:damaged, or not |not a readable |the file cannot be opened).*", "文件已损坏，或者内容与扩展名不符"),
    (r"the file is damaged or needs more than (\d+) MiB to read\.", "文件已损坏，或读它要用 {0} MiB 以上的内存"),
    (r"its (\d+) pages hold no text and none was recognised\.", "{0} 页都没有文字层，也没有识别出文字"),
    (r"its (\d+) pages hold no text.*", "{0} 页都没有文字层，可能是扫描件；装上 yinju[ocr] 后可以识别"),
    (r"took longer than (\d+) seconds to read; split the file\.", "读了 {0} 秒还没读完；请拆开再添加"),
    (r"ended the process that read it.*", "读这个文件的进程中止了（文件已损坏、有意害人或太大）"),
    (r"unpacks to (\d+) MiB, over the limit of (\d+) MiB\.", "解开后有 {0} MiB，超过 {1} MiB 的上限"),
    (r"unpacks to more than (\d+) times its size.*", "解开后是原来的 {0} 倍以上，像是有意害人的文件"),
    (r"(\d+) files, over the limit of (\d+)\. Split the archive\.", "里面有 {0} 个文件，超过 {1} 个的上限；请拆开"),
    (r"stopped before it was read\.", "还没读就停止了"),
    (r"the file is no longer there, so its page cannot be shown\.", "原文件已经不在，无法显示版面"),
    (r"has no page pictures\.", "没有版面图像"),
    (r"page (\d+) cannot be drawn\.", "第 {0} 页画不出来"),
    (r"reading text from pictures needs an optional package\. Install it with: (.+)", "要识别图片里的文字，请先装 {0}"),
    (r"reading (\w+) needs an optional package\. Install it with: (.+)", "要读 {0} 文件，请先装 {1}"),
    (r"no such file or folder\..*", "没有这个文件或文件夹"),
    (r"there are too many files of this name in the library\.", "库里同名的文件太多了，请改名再添加"),
    (r"another process is changing this library\..*", "另一个程序正在改动这个库，请等它做完再试"),
    (r"No document '(.+)' in this library\..*", "库里已经没有这份文献（{0}）"),
    (r"this is not a usable Yinju library \((.+)\)\..*", "库读不了了（{0}），请从备份恢复"),
    (r"This conversation was stored by another version of Yinju\..*", "这段对话是别的版本存的，请用那个版本打开"),
    (r"The reader '(.+)' cannot be loaded: (.+)", "阅读器 {0} 无法载入：{1}"),
    (r"(.+) is not a usable reader: (.+)", "{0} 不是可用的阅读器：{1}"),
    (r"this reader was made for another version of Yinju\.", "这个阅读器是给别的版本做的"),
    (
        r"Setting (\w+) = (.+) cannot be used; it goes from (\S+) to (\S+)\.",
        "设置 {0} 不能是 {1}，要在 {2} 和 {3} 之间",
    ),
    (r"No run '(.+)' in (.+)\.", "{1} 里没有评测结果 {0}"),
    (r"'.+' is no place in a document\.", "没有这个出处"),
    (r"The question is empty\..*", "问题是空的，请写下要问的话"),
    (r"The question has ([\d,]+) characters; at most ([\d,]+) .*", "问题有 {0} 字，最多 {1} 字；请写短一些"),
    (r"A conversation needs a title\..*", "对话要有名称，请写一个再保存"),
    (r"The dates are the wrong way round: .*", "开始日期在结束日期之后，请对调"),
)


def reason(texts: Texts, said: str) -> str:
    """Return a line of the program in the language of the page, as far as it is known there.

    >>> from page.texts import texts
    >>> reason(texts("zh"), "the file is empty; nothing to add."), reason(texts("zh"), "something else")
    ('文件是空的', 'something else')
    """
    if texts.code != "zh":
        return said
    whole = _translated(said)
    if whole is not None:
        return whole
    named, _, rest = said.partition(": ")  # messages begin with the file they are about
    inner = _translated(rest)
    return said if inner is None else f"{file_name(named)}：{inner}"


def _translated(said: str) -> str | None:
    for pattern, chinese in _CHINESE:
        if match := re.fullmatch(pattern, said, re.DOTALL):
            return chinese.format(*match.groups())
    return None
