// What the page itself says; words for codes come from the server's own catalogues.
const WORDS = {
  en: {
    code: 'en', tag: 'en', title: 'Dinghuo 订货 · Dashboard', other: '中文', skip: 'To the content',
    signIn: 'Sign in', signInAs: 'Sign in as', account: 'Account', password: 'Password', another: 'Another account', signOut: 'Sign out',
    ended: 'Your session has ended. Please sign in again.', noServer: 'The server does not answer. Please try again.',
    connecting: 'Connecting…', live: 'Live', reconnecting: 'Reconnecting…', offline: 'Offline', caughtUp: (n) => (n ? `Live again, ${n} missed events caught up` : 'Live again, nothing missed'),
    board: 'Deliveries', underWay: 'Under way', late: 'Late', arrivingToday: 'Arriving today', arrived: 'Waiting to be received', only: 'Show only these',
    noDeliveries: 'Nothing is on its way.', noneOfThese: 'None of these at the moment.', more: (n) => `The ${n} most urgent are shown.`,
    promised: 'Promised', eta: 'ETA', noEta: 'no ETA', arrivedAt: 'Arrived', from: 'from', to: 'to', left: 'Despatched', expected: 'Destination', route: 'Route',
    byPlace: 'By place', byCarrier: 'By carrier', carrier: 'Carrier', place: 'Place',
    orders: 'Orders by status', noOrders: 'No orders yet.', start: 'Place one in GraphiQL', newest: (n) => `The ${n} newest orders.`, yourTurn: 'your turn',
    feed: 'What happens', noFeed: 'Nothing has happened yet.',
    days: 'Events of the last days', kinds: { orders: 'Orders', goods: 'Goods', money: 'Money', others: 'Others' }, day: 'Day', cut: 'Counted as far back as the newest 500 events reach.',
  },
  zh: {
    code: 'zh', tag: 'zh-CN', title: '订货 Dinghuo · 看板', other: 'English', skip: '跳到正文',
    signIn: '登录', signInAs: '登录身份', account: '账号', password: '密码', another: '其他账号', signOut: '退出',
    ended: '登录已失效，请重新登录。', noServer: '服务器没有响应，请重试。',
    connecting: '正在连接…', live: '实时', reconnecting: '正在重新连接…', offline: '已离线', caughtUp: (n) => (n ? `已恢复实时，补上了 ${n} 条动态` : '已恢复实时，没有遗漏'),
    board: '货运', underWay: '运输中', late: '已逾期', arrivingToday: '今日到达', arrived: '待收货', only: '只看这些',
    noDeliveries: '目前没有在途货物。', noneOfThese: '目前没有此类货物。', more: (n) => `只显示最紧急的 ${n} 票。`,
    promised: '承诺日期', eta: '预计到达', noEta: '暂无预计', arrivedAt: '到达', from: '来自', to: '发往', left: '发货', expected: '目的地', route: '运输路线',
    byPlace: '按收货地点', byCarrier: '按承运商', carrier: '承运商', place: '地点',
    orders: '订单状态', noOrders: '还没有订单。', start: '到 GraphiQL 下一张订单', newest: (n) => `最新的 ${n} 张订单。`, yourTurn: '待您处理',
    feed: '最新动态', noFeed: '还没有任何动态。',
    days: '近日动态', kinds: { orders: '订单', goods: '货物', money: '款项', others: '其他' }, day: '日期', cut: '只统计最近 500 条动态。',
  },
};

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export const preferred = () => {
  const asked = new URLSearchParams(location.search).get('lang') ?? navigator.language;
  return asked.toLowerCase().startsWith('zh') ? 'zh' : 'en';
};

/** All that says something in one language: the page's words, the server's labels for codes, names, dates and money. */
export function speaking(lang, labels) {
  const words = WORDS[lang];
  const dated = (options) => (moment, zone) => new Intl.DateTimeFormat(words.tag, { ...options, timeZone: zone }).format(new Date(moment));
  return {
    ...words,
    label: (group, code) => labels[lang][`${group}.${code}`] ?? code,
    name: (company) => (lang === 'zh' ? company.legalName : company.englishName ?? company.legalName),
    said: (text) => text[lang],
    moment: dated({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' }),
    // Which zone it is where that is not the reader's.
    zone: (zone) => (zone === HERE ? '' : ` (${new Intl.DateTimeFormat(words.tag, { timeZone: zone, timeZoneName: 'short' }).formatToParts().find((part) => part.type === 'timeZoneName').value})`),
    date: (day) => dated({ month: 'short', day: 'numeric' })(`${day}T00:00:00Z`, 'UTC'),
    weekday: dated({ weekday: 'short', day: 'numeric' }),
    // The amount stays the text it is: no number of a browser comes near money.
    money: ({ amount, currency }) => {
      const [whole, cents = ''] = amount.split('.');
      return `${currency} ${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${cents && `.${cents}`}`;
    },
  };
}
