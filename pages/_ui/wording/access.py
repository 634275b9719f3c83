"""Sentences of sign-in, pairing and refusals."""

from warehouse.text import Text

WORDS: dict[str, Text] = {
    "title.login": Text("登录 · 售后驾驶舱", "Sign in · Aftersight"),
    "title.pair": Text("大屏配对 · 售后驾驶舱", "Pair a screen · Aftersight"),
    "title.refused": Text("不能打开 · 售后驾驶舱", "Not available · Aftersight"),
    "login.heading": Text("登录", "Sign in"),
    "login.name": Text("登录名", "Sign-in name"),
    "login.password": Text("密码", "Password"),
    "login.submit": Text("登录", "Sign in"),
    "login.go": Text("去登录", "Go to sign-in"),
    "login.provider": Text("用公司账号登录", "Sign in with your organisation"),
    "login.or": Text("或者用本地账号", "or with a local account"),
    "login.wrong": Text(
        "登录名或密码不对。", "The sign-in name or the password is wrong."
    ),
    "login.slow": Text(
        "尝试次数太多，请 {n} 分钟后再试。",
        "Too many attempts; try again in {n} minutes.",
    ),
    "login.unknown": Text(
        "公司账号 {name} 在驾驶舱里还没有开通，请联系系统管理员。",
        "Your organisation's account {name} has no access here yet; "
        "ask the administrator.",
    ),
    "login.provider.failed": Text(
        "公司登录没有成功，请再试一次。",
        "The organisation's sign-in failed; try again.",
    ),
    "login.demo.heading": Text("演示账号", "Accounts of the demo"),
    "login.demo": Text(
        "这是演示网络，只能在本机访问。点一个角色进去看看；密码都是 {password}",
        "This is a demo network, reachable from this machine only. Choose a role to "
        "look around; each password is {password}",
    ),
    "logout": Text("退出", "Sign out"),
    "title.password": Text("修改密码 · 售后驾驶舱", "Your password · Aftersight"),
    "password.link": Text("密码", "Password"),
    "password.heading": Text("修改密码", "Change your password"),
    "password.now": Text("现在的密码", "Current password"),
    "password.new": Text(
        "新密码（至少 {n} 个字符）", "New password ({n} characters or more)"
    ),
    "password.again": Text("再输一次新密码", "New password again"),
    "password.submit": Text("修改", "Change"),
    "password.wrong": Text("现在的密码不对。", "That is not your current password."),
    "password.unequal": Text(
        "两次输入的新密码不一样。", "The new password was not typed the same twice."
    ),
    "password.same": Text(
        "新密码和现在的一样。", "The new password is the one you have."
    ),
    "password.changed": Text(
        "密码已修改。在其他地方登录的已全部退出（{n} 处）。",
        "Your password is changed. You are signed out everywhere else ({n}).",
    ),
    "viewer.as": Text(
        "正在以 {name}（{role}）的视角查看，只读。",
        "You see what {name} ({role}) sees; nothing can be changed.",
    ),
    "viewer.as.end": Text("结束查看", "Stop"),
    "pair.heading": Text("大屏配对", "Pair this screen"),
    "pair.how": Text(
        "店长用手机或电脑打开 {place}，在“大屏 · 配对新屏”输入这个码。"
        "批准后本屏自动打开。",
        "The store's manager opens {place} on a phone or computer and enters this code "
        "under Screens, Pair a screen. This screen then opens by itself.",
    ),
    "pair.away": Text(
        "连不上服务器，正在重试…", "The server cannot be reached; trying again…"
    ),
    "pair.holds": Text(
        "配对码还有 {n} 分钟有效。", "The code holds for another {n} minutes."
    ),
    "device.off": Text("本屏已停用", "This screen has been switched off"),
    "refused.400": Text("没有完成", "This was not done"),
    "refused.401": Text("需要登录", "Sign-in needed"),
    "refused.403": Text("您没有权限", "You have no access"),
    "refused.429": Text("请求太多", "Too many requests"),
    "refused.500": Text("出错了", "Something went wrong"),
    "refused.503": Text("暂时不可用", "Not available at the moment"),
    "refused.unknown": Text("请先登录。", "Sign in first."),
    "refused.forbidden": Text(
        "您的角色或范围不包括这里。需要的话请联系系统管理员。",
        "Your role or scope does not include this. If you need it, ask the "
        "administrator.",
    ),
    "refused.cross_site": Text(
        "页面已过期或来自别的网站，请刷新后再试。",
        "The page has expired, or the request came from another site; "
        "reload and try again.",
    ),
    "refused.missing": Text("这个地址没有内容。", "There is nothing at this address."),
    "refused.method": Text(
        "这个地址不能这样用。", "This address cannot be used in this way."
    ),
    "refused.large": Text("发来的内容太大。", "What was sent is too large."),
    "refused.wrong": Text(
        "服务器看不懂这个请求。", "The server does not understand this request."
    ),
    "refused.often": Text(
        "请求太多，请一分钟后再试。", "Too many requests; wait a minute."
    ),
    "refused.state": Text(
        "账号数据库暂时连不上，请稍后再试。",
        "The database of accounts cannot be reached; try again later.",
    ),
    "refused.failed": Text(
        "服务器没能完成请求，已记录。", "The server could not do it; this was logged."
    ),
}
