"""Where the stores of the demo network stand: real cities, invented service centres."""

from typing import NamedTuple


class City(NamedTuple):
    """A city and what a store takes over from it."""

    name: str
    name_en: str
    province: str
    region: str
    city_class: str
    plate: str


CITIES = {
    city.name: city
    for city in (
        City("上海", "Shanghai", "上海市", "华东", "一线", "沪A"),
        City("北京", "Beijing", "北京市", "华北", "一线", "京A"),
        City("广州", "Guangzhou", "广东省", "华南", "一线", "粤A"),
        City("深圳", "Shenzhen", "广东省", "华南", "一线", "粤B"),
        City("杭州", "Hangzhou", "浙江省", "华东", "新一线", "浙A"),
        City("成都", "Chengdu", "四川省", "西南", "新一线", "川A"),
        City("重庆", "Chongqing", "重庆市", "西南", "新一线", "渝A"),
        City("武汉", "Wuhan", "湖北省", "华中", "新一线", "鄂A"),
        City("西安", "Xi'an", "陕西省", "西北", "新一线", "陕A"),
        City("苏州", "Suzhou", "江苏省", "华东", "新一线", "苏E"),
        City("南京", "Nanjing", "江苏省", "华东", "新一线", "苏A"),
        City("天津", "Tianjin", "天津市", "华北", "新一线", "津A"),
        City("长沙", "Changsha", "湖南省", "华中", "新一线", "湘A"),
        City("郑州", "Zhengzhou", "河南省", "华中", "新一线", "豫A"),
        City("东莞", "Dongguan", "广东省", "华南", "新一线", "粤S"),
        City("青岛", "Qingdao", "山东省", "华东", "新一线", "鲁B"),
        City("宁波", "Ningbo", "浙江省", "华东", "新一线", "浙B"),
        City("合肥", "Hefei", "安徽省", "华东", "新一线", "皖A"),
        City("佛山", "Foshan", "广东省", "华南", "二线", "粤E"),
        City("沈阳", "Shenyang", "辽宁省", "东北", "二线", "辽A"),
        City("大连", "Dalian", "辽宁省", "东北", "二线", "辽B"),
        City("济南", "Jinan", "山东省", "华东", "二线", "鲁A"),
        City("无锡", "Wuxi", "江苏省", "华东", "二线", "苏B"),
        City("厦门", "Xiamen", "福建省", "华东", "二线", "闽D"),
        City("福州", "Fuzhou", "福建省", "华东", "二线", "闽A"),
        City("昆明", "Kunming", "云南省", "西南", "二线", "云A"),
        City("南宁", "Nanning", "广西壮族自治区", "华南", "二线", "桂A"),
        City("哈尔滨", "Harbin", "黑龙江省", "东北", "二线", "黑A"),
        City("长春", "Changchun", "吉林省", "东北", "二线", "吉A"),
        City("石家庄", "Shijiazhuang", "河北省", "华北", "二线", "冀A"),
        City("太原", "Taiyuan", "山西省", "华北", "二线", "晋A"),
        City("贵阳", "Guiyang", "贵州省", "西南", "二线", "贵A"),
        City("南昌", "Nanchang", "江西省", "华东", "二线", "赣A"),
        City("兰州", "Lanzhou", "甘肃省", "西北", "二线", "甘A"),
        City("乌鲁木齐", "Urumqi", "新疆维吾尔自治区", "西北", "二线", "新A"),
        City("温州", "Wenzhou", "浙江省", "华东", "二线", "浙C"),
        City("海口", "Haikou", "海南省", "华南", "三线", "琼A"),
        City("洛阳", "Luoyang", "河南省", "华中", "三线", "豫C"),
        City("绵阳", "Mianyang", "四川省", "西南", "三线", "川B"),
        City("宜昌", "Yichang", "湖北省", "华中", "三线", "鄂E"),
    )
}

# (city, district, district in English); the first forty stand in different cities, so
# that a small network still covers the country.
_FIRST = (
    ("上海", "浦东", "Pudong"),
    ("北京", "朝阳", "Chaoyang"),
    ("成都", "高新", "Gaoxin"),
    ("广州", "天河", "Tianhe"),
    ("武汉", "光谷", "Guanggu"),
    ("西安", "未央", "Weiyang"),
    ("沈阳", "浑南", "Hunnan"),
    ("深圳", "南山", "Nanshan"),
    ("杭州", "余杭", "Yuhang"),
    ("重庆", "渝北", "Yubei"),
    ("苏州", "园区", "SIP"),
    ("南京", "江宁", "Jiangning"),
    ("天津", "西青", "Xiqing"),
    ("长沙", "岳麓", "Yuelu"),
    ("郑州", "郑东", "Zhengdong"),
    ("东莞", "南城", "Nancheng"),
    ("青岛", "崂山", "Laoshan"),
    ("宁波", "鄞州", "Yinzhou"),
    ("合肥", "蜀山", "Shushan"),
    ("佛山", "顺德", "Shunde"),
    ("大连", "甘井子", "Ganjingzi"),
    ("济南", "历下", "Lixia"),
    ("无锡", "新吴", "Xinwu"),
    ("厦门", "湖里", "Huli"),
    ("福州", "仓山", "Cangshan"),
    ("昆明", "官渡", "Guandu"),
    ("南宁", "青秀", "Qingxiu"),
    ("哈尔滨", "松北", "Songbei"),
    ("长春", "净月", "Jingyue"),
    ("石家庄", "裕华", "Yuhua"),
    ("太原", "小店", "Xiaodian"),
    ("贵阳", "观山湖", "Guanshanhu"),
    ("南昌", "红谷滩", "Honggutan"),
    ("兰州", "城关", "Chengguan"),
    ("乌鲁木齐", "水磨沟", "Shuimogou"),
    ("温州", "瓯海", "Ouhai"),
    ("海口", "龙华", "Longhua"),
    ("洛阳", "洛龙", "Luolong"),
    ("绵阳", "涪城", "Fucheng"),
    ("宜昌", "伍家岗", "Wujiagang"),
)
_MORE = (
    ("上海", "闵行", "Minhang"),
    ("北京", "海淀", "Haidian"),
    ("广州", "番禺", "Panyu"),
    ("深圳", "龙岗", "Longgang"),
    ("杭州", "滨江", "Binjiang"),
    ("成都", "武侯", "Wuhou"),
    ("上海", "嘉定", "Jiading"),
    ("北京", "亦庄", "Yizhuang"),
    ("重庆", "九龙坡", "Jiulongpo"),
    ("武汉", "汉口", "Hankou"),
    ("西安", "高新", "Gaoxin"),
    ("广州", "白云", "Baiyun"),
    ("深圳", "宝安", "Bao'an"),
    ("苏州", "吴中", "Wuzhong"),
    ("南京", "建邺", "Jianye"),
    ("成都", "龙泉驿", "Longquanyi"),
    ("杭州", "萧山", "Xiaoshan"),
    ("天津", "滨海", "Binhai"),
    ("长沙", "雨花", "Yuhua"),
    ("郑州", "中原", "Zhongyuan"),
)
SITES = _FIRST + _MORE


def site(number: int) -> tuple[City, str, str]:
    """City, Chinese and English name of the store with this number (from 0)."""
    city_name, district, district_en = SITES[number % len(SITES)]
    city = CITIES[city_name]
    again = number // len(SITES)
    suffix = f"{again + 1}店" if again else ""
    suffix_en = f" No.{again + 1}" if again else ""
    return (
        city,
        f"{city.name}{district}服务中心{suffix}",
        f"{city.name_en} {district_en} Service Centre{suffix_en}",
    )
