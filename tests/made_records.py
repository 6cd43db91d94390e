"""Invented records of two papers, harmless and hostile ones."""

TEXTS = [
    "河水在夜里涨了半米，巡堤的人沿着堤段走到天亮，转移的群众住进了学校的教室，水位到中午才慢慢退下去。",
    "草场的围栏拆了三里，牧民把铁丝卷起来装车，羊群过了沟口，老人说从前的界桩还埋在石头下面。",
    "卫生室的药柜换了新锁，村医每天记下血压和体温，医院的医生下乡巡诊，病人坐在院子里等着叫名字。",
    "壁画的颜料一层层翘起来，修复的人用棉签蘸着胶水，研究所的相机把墙面拍成了照片，颜色慢慢稳住了。",
]


def records(n: int) -> list[dict]:
    sources = ("weekly", "daily")
    return [
        {
            "id": f"r{i}",
            "source": sources[i % 2],
            "publication": "测试报",
            "issue": f"2023-{1 + i // 4 % 9:02d}",
            "date": f"2023-{1 + i // 4 % 9:02d}-05",
            "title": f"第{i}条消息",
            "text": TEXTS[i % 4] * 2 + TEXTS[(i + i // 4) % 4],
        }
        for i in range(n)
    ]


ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} </style> [a](javascript:alert(3))"


def hostile(n: int) -> list[dict]:
    """Records without issue or date, whose names, titles and texts would do harm on a page or in a spreadsheet."""
    rows = [{k: v for k, v in record.items() if k not in ("issue", "date")} for record in records(n)]
    for row in rows:
        row["title"] = "=cmd|' /C calc'!A0" + ATTACK
        row["text"] += ATTACK
    rows[0]["source"] = '"><script>alert(4)</script>'
    return rows
