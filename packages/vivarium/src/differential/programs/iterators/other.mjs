export default "loaded";
