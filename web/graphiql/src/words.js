const WORDS = {
  en: {
    lang: 'en', title: 'Dinghuo 订货 · GraphiQL', start: 'Start here', signIn: 'Sign in', signInAs: 'Sign in as', account: 'Account', password: 'Password',
    signedIn: 'Signed in as', anonymous: 'Not signed in', examples: 'Examples', runsAs: 'as', other: 'Another account',
    hint: 'Pick one: it opens in a tab. Run it with Ctrl/⌘ + Enter. One after the other, they take an order through its whole life.',
    chapters: [, 'Look around', 'Order', 'Negotiate', 'Contract', 'Goods', 'Money', 'Live', 'Take part'],
  },
  zh: {
    lang: 'zh-CN', title: '订货 Dinghuo · GraphiQL', start: '从这里开始', signIn: '登录', signInAs: '登录身份', account: '账号', password: '密码',
    signedIn: '已登录：', anonymous: '未登录', examples: '示例', runsAs: '身份：', other: '其他账号',
    hint: '点击示例会在新标签页打开，按 Ctrl/⌘ + Enter 运行。依次运行，就走完一张订单的全过程。',
    chapters: [, '先看看', '下单', '谈判', '合同', '货物', '款项', '实时', '入驻'],
  },
};

const asked = new URLSearchParams(location.search).get('lang') ?? navigator.language;
export const words = asked.toLowerCase().startsWith('zh') ? WORDS.zh : WORDS.en;
export const inOurLanguage = (text) => (words === WORDS.zh ? text.zh : text.en);
