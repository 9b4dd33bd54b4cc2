import type { inside as english } from '../../en/page/inside.js';

/** Inside the network. */
export const inside: typeof english = {
  'inside-title': '看网络内部：它记住了什么？',
  'inside.hint':
    '网络读的时候，它的每个单元里有一个数，每读一个字就变一次。有些单元会渐渐跟随您也看得懂的东西，比如一个词在哪里结束。这里可以看到每个字让网络多意外、它预计下一个是什么、这又取决于什么，以及它的各个单元。',
  'inside-details.more': '看看内部',
  'inside-waiting': '训练一开始，这里就有可看的。',
  'inside-body.inside-colours.aria-label': '颜色表示什么',
  'inside-body.choice': '意外程度',
  'inside-body.choice-2': '一个单元',
  'inside-body.choice-3': '一个猜测取决于什么（点一个字）',
  'inside-high': '6 比特以上',
  'inside-cells.aria-label': '逐字显示的文字。用方向键移动，按 Enter 选择一个字之后的猜测。',
  'inside-forget': '清除',
  'inside-text.label': '它读的文字',
  'inside-place': '换一段',
  'inside-body.title': '它预计下一个是什么',
  'inside-guess-list.aria-label': '最可能的几个，从高到低',
  'inside-body.title-2': '谁跟随什么？',
  'inside-feature.label': '列出跟随此项的单元',
  'inside-feature.any': '任意：每项取最接近的一个',
  'inside-units.aria-label': '各个单元，跟随得最紧的在前',
  'inside-no-units': '没有：没有单元跟随它，或者这段文字里没有这样的东西。',
  'inside-body.hint':
    '指着一个单元，就在文字里看到它；点一下把它留住。数字说明它的状态与文字中可读出的特征起落得多一致（相关系数）：1 是完全一致，−1 是完全相反。低于 0.3 的没有列出，因为那可能只是偶然。',
  'inside-layer.label': '层',
  'inside-unit.label': '任选一个单元，',
  'inside-gates-title': '门和记忆',
  'inside-gates.hint':
    '同一段文字，从左到右。门开得越大（0 到 1）颜色越满；其他各行大于零为蓝色，小于零为橙色。',
  'inside-gate-map.aria-label': '各个门随文字的变化',
  'inside-body.title-3': '误差能往回传多远？',
  'inside-body.hint-2':
    '网络从误差中学习的办法，是把误差沿时间往回追溯，步数就是“回看多远”所设的。这里是最后一次预测的误差，以及它传到之前每一步时还有多少：即对状态的梯度的范数，取遍布全文的若干片段来计算。',
  'inside-flow.aria-label': '梯度范数随时间步的变化',
  'inside-body.axis': '预测之前的步数',
  'inside-flow-legend':
    '线：对状态 h 的梯度。粗点：对记忆单元 c 的梯度，遗忘门把它一步步传下去；LSTM 在长时间上学到的东西大多由此传回。',
  'inside-by-change': '您的改动改变了什么（改下面的文字）',
  'inside-go-on': '选一个字，从那里接着写',
  'inside-map.title': '它的记忆：每行一个单元，每列一个字',
  'inside-map.hint':
    '大于零为蓝色，小于零为橙色。变化慢的单元在上面：它们保持的内容最长久。点一行，或用方向键走到那里，就在文字里看到那个单元；它带着框。',
  'inside-map-states.aria-label': '看哪种状态',
  'inside-map-h': '状态 h，它显示的',
  'inside-map-c': '记忆单元 c，它保存的',
  'inside-map.aria-label': '各个单元，最慢的在前',
  'inside-places.aria-label': '其他地方',
  'inside-deeper.title': '给好奇的人：一个单元的内部',
  'inside-deeper.hint': '计算记忆的单元结构、它的门，以及误差怎样沿时间往回走。',
  'inside-drawing.title': '一步一步看',
  'inside-drawing.hint':
    '同一个网络，在这段文字的几个字上沿时间展开：它读什么、它的记忆、它猜什么。粉色箭头是下面测量的梯度，取自遍布全文的片段。',
};
