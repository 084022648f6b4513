"""What the landing page says, in English and Chinese side by side."""

_TABLE = {
    # key            English, 中文
    "headline": ("An order, from need to settlement", "一张订单，从需求到结算"),
    "lead": (
        "Dinghuo is an open ordering backend for companies that buy from and sell to each other: "
        "catalogue, quotation, contract, delivery and payment behind one GraphQL API.",
        "订货是一个开放的企业间订货后台：商品、报价、合同、交付与付款，都在同一个 GraphQL 接口之后。",
    ),
    "version": ("Version", "版本"),
    "database": ("Database", "数据库"),
    "alive": ("answering", "正常"),
    "unreachable": ("not answering", "无法连接"),
    "demo": ("Demo", "演示"),
    "on": ("on", "已开启"),
    "holds": (
        "{companies} companies, {products} products, {orders} placed orders",
        "{companies} 家企业，{products} 种商品，{orders} 张已下订单",
    ),
    "off": ("off", "未开启"),
    "dashboard": ("Dashboard", "看板"),
    "dashboard_says": (
        "A company's orders, deliveries and events, live, on a desk or a phone.",
        "一家企业的订单、货运和动态，实时更新，电脑和手机都能看。",
    ),
    "graphiql": (
        "Ask, change and subscribe in the browser, with saved examples.",
        "在浏览器里查询、变更和订阅，附有现成示例。",
    ),
    "schema": ("The contract of the API, as text.", "接口的完整契约（SDL 文本）。"),
    "health": ("Health", "健康检查"),
    "health_says": ("Whether this server can take requests now.", "此服务现在能否接受请求。"),
    "tour": ("Five minutes", "五分钟上手"),
    "tour_1": ("Open GraphiQL.", "打开 GraphiQL。"),
    "tour_2": ("Choose whom to be on the left, or let an example choose.", "在左侧选择身份，或让示例替你选择。"),
    "tour_3": (
        "Run the examples one after the other: they take an order through its whole life. "
        "The same with curl is in <code>README.md</code>.",
        "依次运行示例，就走完一张订单的全过程。用 curl 的做法见 <code>README.zh-CN.md</code>。",
    ),
    "no_demo": (
        "This server holds no demo companies; sign in with an account of your own.",
        "此服务没有演示企业，请用自己的账号登录。",
    ),
    "people": ("Demo accounts", "演示账号"),
    "password": ("Everybody's password:", "所有账号的密码："),
    "missing": ("There is nothing at this address", "此地址没有内容"),
    "back": ("To the first page", "返回首页"),
}

WORDS: dict[str, dict[str, str]] = {
    "en": {key: english for key, (english, _) in _TABLE.items()},
    "zh": {key: chinese for key, (_, chinese) in _TABLE.items()},
}
